"""The lifecycle to walk through in a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from rich.markup import escape
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Header, Label, OptionList, Static
from textual.widgets.option_list import Option

from asr_model.requirements import CATALOGUE
from asr_reports.exploration import Choice, Exploration, conditions_in_words, state_value
from asr_reports.guards_in_words import words

_TRUTH = {True: "[green]✓[/]", False: "[red]✗[/]", None: "[yellow]?[/]"}


class GoalChooser(ModalScreen[str | None]):
    """Asks for a phase or drill state to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]
    CSS = "GoalChooser { align: center middle; } OptionList { width: 50; height: 80%; }"

    def __init__(self, goals: tuple[str, ...]) -> None:
        super().__init__()
        self._goals = goals

    def compose(self) -> ComposeResult:
        yield OptionList(*(Option(words(goal), id=goal) for goal in self._goals))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)


class TerminalExplorer(App[None]):
    """Shows one state after the other. path: the steps to begin with, as `Exploration.follow` takes them."""

    TITLE = "The lifecycle of a replicated item"
    CSS = """
    #left { width: 3fr; } #right { width: 2fr; border-left: solid $primary; padding: 0 1; }
    #choices { height: 1fr; } #why { height: auto; max-height: 40%; border-top: solid $primary; padding: 0 1; }
    #title { text-style: bold; padding: 0 1; } #path { padding: 0 1; color: $text-muted; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b,backspace", "undo", "Go back"),
        Binding("s", "start", "Start over"),
        Binding("g", "ask", "Way to a phase"),
        Binding("t", "take_way", "Go there"),
        Binding("q", "quit", "Quit"),
    ]

    def __init__(self, exploration: Exploration, path: str = "") -> None:
        super().__init__()
        self.exploration = exploration
        self.taken: list[Choice] = exploration.follow(path)
        self.goal: str | None = None

    @property
    def here(self) -> int:
        """The number of the state that is shown."""
        return self.taken[-1].target if self.taken else 0

    @property
    def path(self) -> str:
        """The steps until here, as text that `explore --path` and the page take."""
        return self.exploration.written(self.taken)

    def compose(self) -> ComposeResult:
        yield Header()
        with Horizontal():
            with Vertical(id="left"):
                yield Label(id="title")
                yield OptionList(id="choices")
                yield VerticalScroll(Static(id="about"), id="why")
            with VerticalScroll(id="right"):
                yield Static(id="state")
        yield Label(id="path")
        yield Footer()

    def on_mount(self) -> None:
        self.sub_title = self.exploration.efsm.profile
        self._show()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if event.option_list.id == "choices":
            self.taken.append(self.exploration.place(self.here).choices[event.option_index])
            self._show()

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        if event.option_list.id == "choices":
            choice = self.exploration.place(self.here).choices[event.option_index]
            self.query_one("#about", Static).update("\n".join(self._about(choice)))

    def action_undo(self) -> None:
        """Undo the last step."""
        if self.taken:
            self.taken.pop()
            self._show()

    def action_start(self) -> None:
        """Go to the beginning."""
        self.taken.clear()
        self._show()

    def action_ask(self) -> None:
        """Ask for a phase, and show the way there."""
        self.push_screen(GoalChooser(self.exploration.goals), self._go_for)

    def action_take_way(self) -> None:
        """Go to the phase that was asked for."""
        if self.goal is not None:
            self.taken += self.exploration.way(self.here, self.goal) or []
            self._show()

    def _go_for(self, goal: str | None) -> None:
        self.goal = goal or self.goal
        self._show()

    def _show(self) -> None:
        place = self.exploration.place(self.here)
        drill = "" if place.state.drill == "no_drill" else f", {words(place.state.drill)}"
        self.query_one("#title", Label).update(words(place.state.phase) + drill)
        choices = self.query_one("#choices", OptionList)
        choices.clear_options()
        choices.add_options([Option(self._line(choice)) for choice in place.choices])
        choices.focus()
        if place.choices:
            choices.highlighted = 0
        self.query_one("#about", Static).update("" if place.choices else "Nothing more can happen here.")
        told = (*self._way(), *self._state(), *self._guards(), *self._refused())
        self.query_one("#state", Static).update("\n".join(told))
        self.query_one("#path", Label).update(escape(f"{self.exploration.efsm.profile}/{self.path}"))

    def _line(self, choice: Choice) -> str:
        mark = "[bold]ask [/]" if choice.is_operation else "[dim]wait[/]"
        leads = "" if choice.transition.source == choice.transition.target else f" → {words(choice.transition.target)}"
        return f"{mark} {escape(choice.said)}[dim]{leads}[/]"

    def _about(self, choice: Choice) -> Iterator[str]:
        if said := conditions_in_words(self.exploration.efsm, choice.conditions):
            yield escape(said)
        if choice.refusable:
            yield escape(f"may be refused {choice.refusable}")
        for one in choice.transition.requirements:
            entry = CATALOGUE[one]
            yield f"[bold]{one}[/] {escape(entry.sentence)} [dim]({escape(entry.section)}; {entry.evidence})[/]"

    def _way(self) -> Iterator[str]:
        if self.goal is None:
            return
        way = self.exploration.way(self.here, self.goal)
        yield f"[bold]The way to {words(self.goal)}[/]"
        if way is None:
            yield "There is no way from here."
        elif not way:
            yield "You are there."
        for number, choice in enumerate(way or (), 1):
            said = escape(choice.said)
            yield f"{number:2}. [bold]{said}[/]" if choice.is_operation else f"{number:2}. wait: {said}"
        yield ""

    def _state(self) -> Iterator[str]:
        states = self.exploration.lts.states
        before = states[[0, *(choice.target for choice in self.taken)][-2:][0]]._asdict()
        yield "[bold]The state[/]"
        for name, value in states[self.here]._asdict().items():
            said = state_value(value)
            yield f"{words(name)}: {said if before[name] == value else f'[bold yellow]{said}[/]'}"

    def _guards(self) -> Iterator[str]:
        yield from ("", "[bold]Guards[/]")
        for guard in self.exploration.place(self.here).guards:
            yield f"{_TRUTH[guard.holds]} {words(guard.transition.event)} → {words(guard.transition.target)}"
            for said, truth in guard.parts:
                yield f"   {_TRUTH[truth]} {escape(said)}"

    def _refused(self) -> Iterator[str]:
        yield from ("", "[bold]Refused here[/]")
        for refusal in self.exploration.place(self.here).refusals:
            conditions = conditions_in_words(self.exploration.efsm, refusal.conditions)
            yield escape(" ".join(filter(None, [refusal.said, conditions, f"({', '.join(refusal.requirements)})"])))
