#pragma once

namespace touchstone {

/// The page's style: light and dark, for a phone, a screen and paper.
inline constexpr const char* page_style = R"css(
:root { color-scheme: light dark; --text: #1b1b1b; --soft: #555; --page: #fff; --card: #f5f6f8; --line: #d5d8dd;
  --link: #0b57a4; --good: #17692b; --bad: #a11a1a; --open: #6b5300; }
@media (prefers-color-scheme: dark) { :root { --text: #e8e8e8; --soft: #b4b8be; --page: #15171a; --card: #1f2327;
  --line: #3a4047; --link: #8fc1ff; --good: #7bd88f; --bad: #ff9d96; --open: #f0cf6b; } }
body { margin: 0 auto; padding: 0 1rem 3rem; max-width: 60rem; font: 1rem/1.55 system-ui, sans-serif; color: var(--text);
  background: var(--page); }
h1 { font-size: 1.8rem; line-height: 1.2; } h2 { font-size: 1.35rem; margin-top: 2.5rem; line-height: 1.3; }
h3 { font-size: 1.05rem; margin-top: 1.6rem; } a { color: var(--link); } code { font-size: .92em; overflow-wrap: anywhere; }
.terms { display: grid; grid-template-columns: max-content 1fr; gap: .3rem 1rem; } .terms dt { font-weight: 600; }
.terms dd { margin: 0; } .contents { columns: 2; } .where, .soft { color: var(--soft); }
article { border-top: 1px solid var(--line); margin-top: 2rem; }
figure { overflow-x: auto; margin: 1rem 0; padding: .5rem; background: #fff; border: 1px solid var(--line); border-radius: 6px; color: #1b1b1b; }
figure svg { width: 100%; height: auto; display: block; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .7rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; } caption { text-align: left; color: var(--soft); }
.claim { background: var(--card); border-left: 4px solid var(--line); padding: .5rem .8rem; margin: .6rem 0; border-radius: 4px; }
.claim p { margin: .2rem 0; } .claim.supported { border-color: var(--good); } .claim.contradicted { border-color: var(--bad); }
.claim.undecided { border-color: var(--open); } strong.supported { color: var(--good); }
strong.contradicted { color: var(--bad); } strong.undecided { color: var(--open); }
.command { display: flex; gap: .5rem; align-items: flex-start; background: var(--card); padding: .5rem .7rem; border-radius: 4px; }
.command code { flex: 1; } button { font: inherit; font-size: .85rem; padding: .1rem .6rem; }
@media (max-width: 40rem) { figure svg { min-width: 42rem; } .contents { columns: 1; } .terms { grid-template-columns: 1fr; } }
@media print { body { max-width: none; } nav, button { display: none; } figure, .claim, tr { break-inside: avoid; }
  a { color: inherit; text-decoration: none; } }
)css";

/// Copies the command beside a button; the page is complete without it.
inline constexpr const char* copy_script = R"js(
for (const button of document.querySelectorAll(".command button")) {
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(button.previousElementSibling.textContent).then(() => { button.textContent = "copied"; });
  });
}
)js";

}  // namespace touchstone
