"""`imgpilot …`: everything that can be done from a terminal."""

import json
import sys
from importlib import import_module
from typing import Any

import click

import config
from imgpilot.errors import ImgPilotError


class OneLine(click.Group):
    """Failures are one line on stderr and exit 1; bad usage is exit 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run, and turn our errors into one line."""
        try:
            return super().invoke(ctx)
        except (ImgPilotError, config.SettingsError) as error:
            click.echo(f"imgpilot: {error}", err=True)
            sys.exit(1)


def show(data: object, as_json: bool, lines: list[str]) -> None:
    """Print the data as JSON, or as lines."""
    click.echo(json.dumps(data, indent=2, default=str) if as_json else "\n".join(lines))


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="imgpilot")
def main() -> None:
    """ImgPilot: an image-generation site whose privacy promises are kept by code.

    Start everything on this machine with sample data:  imgpilot up --sample
    """


for _module in config.COMMANDS:
    import_module(_module).add_to(main)
