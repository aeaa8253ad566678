"""Products of a component in Promela, so that Spin counts them: two encodings, neither of which we explore by."""

from __future__ import annotations

import re
import resource
from typing import NamedTuple

from checkers.programs import CheckerFailed, output_of, program


class SpinFound(NamedTuple):
    """What Spin says of a product. transitions: without the initial state. memory: bytes for states, as it reckons,
    without its hash table and stack. cpu: seconds."""

    states: int
    transitions: int
    errors: int
    memory: float
    cpu: float


def by_control_location(component, items):
    """Independent items: a process each, whose states are places in its program. It takes the fewest bytes, and nothing
    is evaluated in a step."""
    assert not component.joint
    lines = [f"active [{items}] proctype item() {{"]
    for state, after in enumerate(component.moves):
        options = " ".join(f":: goto S{target}" for target in after) or ":: false"
        lines.append(f"S{state}: if {options} fi;")
    return "\n".join([*lines, "}"]) + "\n"


def by_table(component, items):
    """Items, coupled or not, as numbers in one process; successors are looked up in tables, in C."""
    tables = [("alone", component.moves), *((f"joint{n}", t) for n, t in enumerate(component.joint_steps))]
    lines = ["c_decl {"]
    for name, after in tables:
        most = max(1, *map(len, after))
        rows = ",".join("{" + ",".join(map(str, [*found, *[0] * (most - len(found))])) + "}" for found in after)
        lines.append(f"static const short {name}_n[] = {{{','.join(str(len(found)) for found in after)}}};")
        lines.append(f"static const short {name}[][{most}] = {{{rows}}};")
    lines += ["}", f"short s[{items}];", "active proctype all() {", "  do"]
    for item in range(items):
        for rank in range(max(map(len, component.moves))):
            s = f"now.s[{item}]"
            lines.append(_option([f"alone_n[{s}] > {rank}"], [f"{s} = alone[{s}][{rank}]"]))
    for name, after in tables[1:]:
        most = max(map(len, after))
        for code in range(most**items):
            ranks = [code // most**item % most for item in range(items)]
            each = [(f"now.s[{item}]", rank) for item, rank in enumerate(ranks)]
            can = [f"{name}_n[{s}] > {rank}" for s, rank in each]
            same = " && ".join(f"{name}[{s}][{rank}] == {s}" for s, rank in each)
            lines.append(_option([*can, f"!({same})"], [f"{s} = {name}[{s}][{rank}]" for s, rank in each]))
    return "\n".join([*lines, "  od", "}"]) + "\n"


def _option(guards, effects):
    return (
        f"  :: c_expr {{ {' && '.join(guards)} }} -> c_code {{ {'; '.join(effects)}; }}".replace(
            ":: c_expr", ":: d_step { c_expr"
        )
        + " }"
    )


def counted(model, folder, *, level="-O0", options=(), table=18, depth=1_000_000):
    """Everything that Spin finds. level, options: of the compiler. table: bits of the hash table; depth: of stack."""
    (folder / "model.pml").write_text(model, encoding="utf-8")
    output_of([program("spin", "spin"), "-a", "model.pml"], folder)
    output_of([program("gcc", "gcc"), level, "-w", "-DSAFETY", "-DNOREDUCE", *options, "-o", "pan", "pan.c"], folder)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = output_of(["./pan", "-n", "-E", f"-w{table}", f"-m{depth}"], folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if re.search("not completed|too small|out of memory", said):
        raise CheckerFailed(f"Spin did not search everything:\n{said[:2000]}")
    numbers = [float(_said(rf"([\d.e+]+) {words}", said)) for words in ("states, stored", r"transitions \(=")]
    memory = float(_said(r"([\d.]+)\s+actual memory usage for states", said)) * 2**20
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return SpinFound(int(numbers[0]), int(numbers[1]) - 1, int(_said(r"errors: (\d+)", said)), memory, cpu)


def _said(pattern, said):
    found = re.search(pattern, said)
    if found is None:
        raise CheckerFailed(f"Spin's answer is not understood ({pattern}):\n{said[-2000:]}")
    return found[1]
