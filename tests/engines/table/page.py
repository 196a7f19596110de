#!/usr/bin/env python3
"""A table of the conventions that several engines follow, as Markdown and HTML, from the results of `touchstone conformance --keep`.

    page.py TITLE OUT NAME=FOLDER[,FOLDER...] ...      writes OUT.md and OUT.html

The FOLDERs of an engine have its results under different conventions. A cell, an optimizer and a schedule, shows the conventions
under which all its cases pass, or the findings if there are none."""

import collections
import html
import json
import os
import re
import sys

CONVENTIONS = ("keras", "keras3", "torch", "paper")


class Cell:
    """The cases of one optimizer and schedule, by convention."""

    def __init__(self):
        self.outcomes = collections.defaultdict(collections.Counter)
        self.findings = collections.defaultdict(collections.Counter)

    def add(self, convention, case):
        self.outcomes[convention][case["outcome"]] += 1
        if case["outcome"] in ("failed", "error"):
            self.findings[convention][case["finding"] or case["message"]] += 1

    def tried(self, convention):
        return sum(count for outcome, count in self.outcomes[convention].items() if outcome != "skipped")

    def agrees_under(self):
        return [c for c in CONVENTIONS if self.tried(c) and not self.findings[c]]

    def kind(self):
        if not any(self.tried(c) for c in CONVENTIONS):
            return "none" if not any(self.outcomes.values()) else "not supported"
        return "agrees" if self.agrees_under() else "differs"

    def finding(self):
        """Under the convention under which most passes."""
        best = max((c for c in CONVENTIONS if self.tried(c)), key=lambda c: self.outcomes[c]["passed"] / self.tried(c))
        return best, self.findings[best].most_common(1)[0][0]

    def text(self):
        kind = self.kind()
        if kind == "none":
            return ""
        if kind == "not supported":
            return "not supported"
        if kind == "agrees":
            under = self.agrees_under()
            count = max(self.tried(c) for c in under)
            asked = [c for c in CONVENTIONS if self.tried(c)]
            return f"{count}: {'all' if under == asked else ', '.join(under)}"
        convention, finding = self.finding()
        name = finding.split(":")[0]
        passed, tried = self.outcomes[convention]["passed"], self.tried(convention)
        return f"{passed} of {tried}, {convention}: {name}"


class Engine:
    def __init__(self, name, folders):
        self.name = name
        self.cells = collections.defaultdict(Cell)
        self.optimizers, self.columns = [], []
        for folder in folders:
            with open(os.path.join(folder, "results.json")) as file:
                results = json.load(file)
            for case in results["cases"]:
                for known, value in ((self.optimizers, case["optimizer"]), (self.columns, case["column"])):
                    if value not in known:
                        known.append(value)
                self.cells[case["optimizer"], case["column"]].add(results["convention"] or "keras", case)

    def supported(self):
        return [o for o in self.optimizers if any(self.cells[o, c].kind() in ("agrees", "differs") for c in self.columns)]


def escaped(text):
    """An engine's words, on one line and without what Markdown takes for markup."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    return re.sub(r"([\\`*_{}\[\]<>#|!~&])", r"\\\1", plain)


def markdown(title, engines):
    lines = [f"# {escaped(title)}", ""]
    lines += ["A cell shows the number of cases and the conventions (of keras, keras3, torch, paper) under which all of them pass; or how many",
              "pass under the nearest convention, and the finding. An empty cell: the suite has no such case.", ""]
    for engine in engines:
        missing = [o for o in engine.optimizers if o not in engine.supported()]
        lines += [f"## {escaped(engine.name)}", "", "| | " + " | ".join(engine.columns) + " |", "| --- " * (len(engine.columns) + 1) + "|"]
        for optimizer in engine.supported():
            cells = [escaped(engine.cells[optimizer, column].text()) for column in engine.columns]
            lines.append(f"| {optimizer} | " + " | ".join(cells) + " |")
        lines += ["", f"Not supported: {', '.join(missing)}." if missing else "Everything is supported.", ""]
    return "\n".join(lines)


STYLE = """body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:78rem;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{border:1px solid #bbb;padding:.3rem .55rem;text-align:left;vertical-align:top;font-size:.87rem}
th{background:#f2f2f2}.agrees{background:#dbe9f6}.agrees::before{content:"\\2713 "}.differs{background:#fbe3c8}.differs::before{content:"\\2260 "}
.not-supported{color:#777}small{color:#555}"""


def page(title, engines):
    text = [f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title><style>{STYLE}</style>", f"<h1>{html.escape(title)}</h1>"]
    text.append("<p>&#10003; n: all n cases pass under these conventions (of keras, keras3, torch, paper). &#8800; n of m: n of m cases pass under the nearest convention; the finding follows (hover over it for its sentence).</p>")
    for engine in engines:
        text.append(f"<h2>{html.escape(engine.name)}</h2><table><tr><th>" + "".join(f"<th>{html.escape(c)}" for c in engine.columns))
        for optimizer in engine.supported():
            text.append(f"<tr><th>{html.escape(optimizer)}")
            for column in engine.columns:
                cell = engine.cells[optimizer, column]
                kind = cell.kind().replace(" ", "-")
                hint = f' title="{html.escape(cell.finding()[1], quote=True)}"' if kind == "differs" else ""
                text.append(f'<td class="{kind}"{hint}>{html.escape(cell.text())}')
        missing = [o for o in engine.optimizers if o not in engine.supported()]
        text.append("</table>" + (f"<p><small>Not supported: {html.escape(', '.join(missing))}.</small>" if missing else ""))
    return "\n".join(text) + "\n"


def main():
    title, out, *named = sys.argv[1:]
    engines = [Engine(name, folders.split(",")) for name, _, folders in (each.partition("=") for each in named)]
    for ending, text in ((".md", markdown(title, engines)), (".html", page(title, engines))):
        with open(out + ending, "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
