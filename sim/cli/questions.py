"""Groups of commands that find the questions by themselves: a module is loaded when its command is called."""

from __future__ import annotations

import click

from sim.cli.failures import Commands
from sim.cli.groups import grouped


class QuestionCommands(Commands):
    """Commands of the program, and one for each experiment."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands."""
        from sim.experiments import kinds

        return sorted({*super().list_commands(ctx), *kinds()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by its name, loaded."""
        return super().get_command(ctx, cmd_name) or _question(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List all commands by groups, with what they do; no question is loaded for it."""
        from sim.experiments import kinds

        told = {name: command.get_short_help_str(100) for name, command in self.commands.items()}
        for heading, rows in grouped({**kinds(), **told}):
            with formatter.section(heading):
                formatter.write_dl(rows)


class PlanCommands(click.Group):
    """The plan of an experiment by its name, or of a scenario's runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the questions."""
        from sim.experiments import kinds

        return sorted(kinds())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the questions that can be planned."""
        from sim.experiments import kinds

        with formatter.section("Questions"):
            formatter.write_dl(sorted((name, help) for name, help in kinds().items() if name != "why"))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The question that is named first; else what follows is asked of a scenario's runs."""
        if (command := _question(args[0], planning=True)) is not None:
            return args[0], command, args[1:]
        return "run", _question("run", planning=True), args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take options before the scenario as those of its runs."""
        if args and args[0].startswith("-") and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)


def _question(name: str, planning: bool = False) -> click.Command | None:
    from sim.experiments import kinds

    if name not in kinds() or name == "why":
        return None
    from sim.cli.ask import command_of

    return command_of(name, planning)
