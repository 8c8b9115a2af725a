"""The two e-mails that Backlot writes, both plain text with one link."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from threading import Thread

from django.conf import settings
from django.core.mail import send_mail

log = logging.getLogger(__name__)


def is_configured() -> bool:
    return bool(settings.EMAIL_HOST)


def send(to: str, subject: str, text: str) -> bool:
    """True once the mail server has taken it."""
    try:
        send_mail(subject, text, None, [to])
    except (SMTPException, OSError) as error:
        log.warning("The mail server %s did not take a message: %s", settings.EMAIL_HOST, error)
        return False
    return True


def send_reset(to: str, link: str) -> None:
    """Sends beside the request: its answer must not take longer for an address that has an account."""
    text = (
        f"Set a new password for Backlot:\n\n{link}\n\nThe link works once, for an hour."
        " If you did not ask for it, do nothing: your password stays as it is.\n"
    )
    Thread(target=send, args=(to, "Set a new password", text), name="mail", daemon=True).start()


def send_invitation(to: str, link: str, inviter: str, team: str) -> bool:
    text = f"{inviter} invites you to {team} on Backlot:\n\n{link}\n\nThe link works once, for 14 days.\n"
    return send(to, f"{inviter} invites you to {team}", text)
