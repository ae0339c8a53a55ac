"""Write what a scheduler needs, cron or systemd, as text to paste."""

import shlex
from collections.abc import Sequence
from pathlib import Path

HOUR, MINUTE = 6, 17
"""Not on the hour, when everybody asks."""

CRON = """\
# Add this with: crontab -e
# Cron mails what is written to standard error: with --quiet nothing, when all is well.
# Tokens and passwords go on lines of their own above it: GITHUB_TOKEN=...
{minute} {hour} * * * {command}
"""

SYSTEMD = """\
# ~/.config/systemd/user/catalog-sync.service
[Unit]
Description=Fetch what is new into the paper catalog
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}
# Tokens and passwords, one NAME=value a line; the file may be missing.
EnvironmentFile=-%h/.config/catalog.env
# 3: done except for the problems that the journal lists.
SuccessExitStatus=3

# ~/.config/systemd/user/catalog-sync.timer
[Unit]
Description=Fetch what is new into the paper catalog every morning

[Timer]
OnCalendar=*-*-* {hour:02d}:{minute:02d}:00
# Catch up after the machine was off or asleep.
Persistent=true
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target

# Then: systemctl --user enable --now catalog-sync.timer
"""


def command(program: Path, url: str, config: Path) -> list[str]:
    """Build the command line that the scheduler runs."""
    return [str(program), "--db", url, "sync", "--config", str(config), "--quiet"]


def cron(line: Sequence[str]) -> str:
    r"""Write a line for crontab(5), where a bare % ends the command.

    >>> print(cron(["/opt/my tools/catalog", "sync", "100%"]).splitlines()[-1])
    17 6 * * * '/opt/my tools/catalog' sync 100\%
    """
    text = shlex.join(line).replace("%", r"\%")
    return CRON.format(minute=MINUTE, hour=HOUR, command=text)


def systemd(line: Sequence[str]) -> str:
    """Write a service and its timer, systemd.service(5), with words quoted and % doubled.

    >>> print(systemd(["/opt/my tools/catalog", "100%"]).splitlines()[8])
    ExecStart="/opt/my tools/catalog" 100%%
    """
    return SYSTEMD.format(minute=MINUTE, hour=HOUR, command=" ".join(map(_unit, line)))


def _unit(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(c in escaped for c in " \t'\"\\;") else escaped
