"""Groups of sub-commands that read as sentences."""

import click


class ShowsUnlessTold(click.Group):
    """A group that shows where no other sub-command is named, so that `cimnet lifecycle acc1` is a sentence."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asked_for_help = not set(args).isdisjoint(ctx.help_option_names)
        if not asked_for_help and set(args).isdisjoint(self.commands):
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """What is no sub-command is a host to show."""
        return super().get_command(ctx, cmd_name) or self.commands["show"]
