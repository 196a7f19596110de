"""An interpreter of the formulas that touchstone prints (README.md has the grammar)."""
import re

import numpy

TOKEN = re.compile(r"\s*(\d+\.?\d*(?:e[+-]?\d+)?|[A-Za-z_]\w*|==|<=|[-+*/^(){},;=])")


class Formula:
    """Parsed once; a list of statements as tuples."""

    def __init__(self, text):
        self.tokens = []
        position = 0
        while position < len(text.rstrip()):
            match = TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"found {text[position:position + 20]!r}, expected a token of the grammar")
            self.tokens.append(match.group(1))
            position = match.end()
        self.next = 0
        self.statements = self.formula()
        if self.next != len(self.tokens):
            raise ValueError(f"found {self.tokens[self.next]!r}, expected the end of the formula")

    # The grammar, from the top down.

    def peek(self):
        return self.tokens[self.next] if self.next < len(self.tokens) else None

    def take(self, expected=None):
        token = self.peek()
        if token is None or (expected is not None and token != expected):
            raise ValueError(f"found {token!r}, expected {expected or 'more'!r}")
        self.next += 1
        return token

    def formula(self):
        statements = [self.statement()]
        while self.peek() == ";":
            self.take()
            statements.append(self.statement())
        return statements

    def block(self):
        self.take("{")
        statements = self.formula()
        self.take("}")
        return statements

    def statement(self):
        word = self.take()
        if word == "start":
            name = self.take()
            self.take("=")
            return "start", name, self.expression()
        if word == "if":
            left = self.expression()
            comparison = self.take()
            right = self.expression()
            then = self.block()
            otherwise = []
            if self.peek() == "else":
                self.take()
                otherwise = self.block()
            return "if", comparison, left, right, then, otherwise
        if word == "for":
            self.take("kernels")
            return "kernels", self.block()
        if word == "repeat":
            count = int(self.take())
            return "repeat", count, self.block()
        self.take("=")
        return "=", word, self.expression()

    def expression(self):
        value = self.term()
        while self.peek() in ("+", "-"):
            value = (self.take(), value, self.term())
        return value

    def term(self):
        value = self.factor()
        while self.peek() in ("*", "/"):
            value = (self.take(), value, self.factor())
        return value

    def factor(self):
        if self.peek() == "-":
            self.take()
            return "-", ("number", 0.0), self.factor()
        value = self.atom()
        if self.peek() == "^":
            self.take()
            return "^", value, self.factor()
        return value

    def atom(self):
        token = self.take()
        if token == "(":
            value = self.expression()
            self.take(")")
            return value
        if token[0].isdigit():
            return "number", float(token)
        if self.peek() != "(":
            return "name", token
        self.take("(")
        if token == "norm" and self.peek() == "all":
            self.take()
            token = "norm all"
        if token == "product":
            index = self.take()
            self.take(",")
            last = self.expression()
            self.take(",")
            factor = self.expression()
            self.take(")")
            return "product", index, last, factor
        arguments = [self.expression()]
        while self.peek() == ",":
            self.take()
            arguments.append(self.expression())
        self.take(")")
        return "call", token, arguments

    # What is known without an update.

    def starts(self):
        return {statement[1]: evaluate(statement[2], {}, None) for statement in self.statements if statement[0] == "start"}

    def slots(self):
        """Names that are assigned and depend on what they were, in order."""
        known = {"p", "g", "lr", "t", "tensors", "tensor"}
        names = []
        local = set()

        def walk(statements):
            for statement in statements:
                if statement[0] == "start" and statement[1] not in names:
                    names.append(statement[1])
                if statement[0] == "=":
                    for name in names_in(statement[2]):
                        if name not in known | local and name not in names:
                            names.append(name)
                    if statement[1] not in known and statement[1] not in names:
                        local.add(statement[1])
                if statement[0] == "if":
                    walk(statement[4])
                    walk(statement[5])
                if statement[0] in ("kernels", "repeat"):
                    walk(statement[-1])

        walk(self.statements)
        return names, local


def names_in(expression):
    if not isinstance(expression, tuple):
        return
    if expression[0] == "name":
        yield expression[1]
    elif expression[0] == "product":
        for name in names_in(expression[3]):
            if name != expression[1]:
                yield name
        yield from names_in(expression[2])
    elif expression[0] == "call":
        for argument in expression[2]:
            yield from names_in(argument)
    elif expression[0] != "number":
        yield from names_in(expression[1])
        yield from names_in(expression[2])


def evaluate(expression, values, all_gradients):
    kind = expression[0]
    if kind == "number":
        return expression[1]
    if kind == "name":
        return values[expression[1]]
    if kind == "product":
        _, index, last, factor = expression
        result = 1.0
        for i in range(1, int(evaluate(last, values, all_gradients)) + 1):
            result *= evaluate(factor, {**values, index: float(i)}, all_gradients)
        return result
    if kind == "call":
        arguments = [evaluate(argument, values, all_gradients) for argument in expression[2]]
        functions = {"sqrt": numpy.sqrt, "abs": numpy.abs, "sign": numpy.sign, "min": numpy.minimum, "max": numpy.maximum,
                     "float32": lambda x: float(numpy.float32(x)), "norm": lambda x: numpy.sqrt(numpy.sum(x * x)),
                     "norm all": lambda x: numpy.sqrt(sum(numpy.sum(g * g) for g in all_gradients))}
        return functions[expression[1]](*arguments)
    left = evaluate(expression[1], values, all_gradients)
    right = evaluate(expression[2], values, all_gradients)
    with numpy.errstate(all="ignore"):
        if kind == "+":
            return left + right
        if kind == "-":
            return left - right
        if kind == "*":
            return left * right
        if kind == "/":
            return numpy.divide(left, right)
        return numpy.power(left, right)


def execute(statements, values, all_gradients, is_kernel):
    for statement in statements:
        if statement[0] == "=":
            values[statement[1]] = evaluate(statement[2], values, all_gradients)
        elif statement[0] == "if":
            _, comparison, left, right, then, otherwise = statement
            left, right = (evaluate(side, values, all_gradients) for side in (left, right))
            holds = left == right if comparison == "==" else left <= right
            execute(then if holds else otherwise, values, all_gradients, is_kernel)
        elif statement[0] == "kernels" and is_kernel:
            execute(statement[1], values, all_gradients, is_kernel)
        elif statement[0] == "repeat":
            for _ in range(statement[1]):
                execute(statement[2], values, all_gradients, is_kernel)


def update(formula, parameters, gradients, slots, lr, t):
    """One update of all tensors: (parameters, slots), `slots` by name and tensor. Nothing is changed in place."""
    new_parameters = []
    new_slots = {name: [] for name in slots}
    for i, (p, g) in enumerate(zip(parameters, gradients)):
        values = {"p": p, "g": g, "lr": lr, "t": float(t), "tensors": float(len(parameters)), "tensor": float(i + 1)}
        values.update({name: tensors[i] for name, tensors in slots.items()})
        execute(formula.statements, values, gradients, p.ndim == 2)
        new_parameters.append(values["p"])
        for name in slots:
            new_slots[name].append(numpy.broadcast_to(values[name], p.shape))
    return new_parameters, new_slots
