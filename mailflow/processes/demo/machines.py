"""Pure: what programs write to the demonstration: newsletters, lists, invitations, reports."""

from mailflow.processes.demo.compose import SUPPORT, Story, compose


def newsletter() -> Story:
    """HTML with a tracking image and a script, and a plain text beside it."""
    boundary = "=_demo_newsletter"
    return compose(
        "news@gardenweekly.example",
        "Garden Weekly",
        [SUPPORT],
        "Five plants that like the shade",
        f"""
        --{boundary}
        Content-Type: text/plain; charset=utf-8

        Five plants that like the shade: hosta, fern, ivy, foxglove, lily of the valley.

        --{boundary}
        Content-Type: text/html; charset=utf-8

        <html><body style="font-family: Georgia; color: #23402b">
        <img src="https://pixel.gardenweekly.example/open?u=4711" width="1" height="1" alt="">
        <h1>Five plants that like the shade</h1>
        <p>Hosta, fern, ivy, <b>foxglove</b> and lily of the valley.</p>
        <table><tr><td bgcolor="#e7f0e9">This week only: <a href="https://gardenweekly.example/">
        ferns at half price</a></td></tr></table>
        <script>document.title = "this never runs"</script>
        </body></html>
        --{boundary}--
        """,
        headers="List-Id: Garden Weekly <weekly.gardenweekly.example>\n"
        "List-Unsubscribe: <https://gardenweekly.example/leave?u=4711>\n"
        "Precedence: bulk\n",
        type=f'multipart/alternative; boundary="{boundary}"',
        id="demo-newsletter",
    )


def invitation() -> Story:
    """A calendar invitation."""
    boundary = "=_demo_invitation"
    return compose(
        "marc@rivermill.example",
        "Marc Dubois",
        [SUPPORT],
        "Invitation: Review of the autumn orders",
        f"""
        --{boundary}
        Content-Type: text/plain; charset=utf-8

        Marc invites you to: Review of the autumn orders

        --{boundary}
        Content-Type: text/calendar; charset=utf-8; method=REQUEST

        BEGIN:VCALENDAR
        VERSION:2.0
        PRODID:-//Rivermill//Calendar//EN
        METHOD:REQUEST
        BEGIN:VEVENT
        UID:demo-review@rivermill.example
        DTSTAMP:20261124T080000Z
        DTSTART:20261201T090000Z
        DTEND:20261201T100000Z
        SUMMARY:Review of the autumn orders
        LOCATION:Room 4
        ORGANIZER;CN=Marc Dubois:mailto:marc@rivermill.example
        ATTENDEE;CN=Support:mailto:{SUPPORT}
        END:VEVENT
        END:VCALENDAR
        --{boundary}--
        """,
        type=f'multipart/alternative; boundary="{boundary}"',
        id="demo-invitation",
    )


def bounce() -> Story:
    """A delivery report (RFC 3464): its envelope has no sender."""
    boundary = "=_demo_bounce"
    _sender, recipients, content = compose(
        "mailer-daemon@mx.oldfriends.example",
        "Mail Delivery System",
        [SUPPORT],
        "Undelivered Mail Returned to Sender",
        f"""
        --{boundary}
        Content-Type: text/plain; charset=utf-8

        The address tom@oldfriends.example does not exist any more.

        --{boundary}
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.oldfriends.example

        Final-Recipient: rfc822; tom@oldfriends.example
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no such user

        --{boundary}
        Content-Type: text/rfc822-headers

        From: {SUPPORT}
        To: tom@oldfriends.example
        Subject: Your question of last week
        Message-ID: <demo-answer-to-tom@mailflow.example>

        --{boundary}--
        """,
        headers="Auto-Submitted: auto-replied\n",
        type=f'multipart/report; report-type=delivery-status; boundary="{boundary}"',
        id="demo-bounce",
    )
    return "", recipients, content


def automatic_reply() -> Story:
    """Nobody wrote it (RFC 3834)."""
    return compose(
        "sam@harbour-clinic.example",
        "Sam Okafor",
        [SUPPORT],
        "Automatic reply: Your appointment",
        """
        I am out of the office until 2 December and will read your message then.
        """,
        headers="Auto-Submitted: auto-replied\nX-Auto-Response-Suppress: All\n",
        id="demo-away",
    )


def mailing_list() -> Story:
    """A post of a mailing list (RFC 2919)."""
    _sender, recipients, content = compose(
        "ines@opensprinkler.example",
        "Inês Prata",
        [SUPPORT],
        "[irrigation-users] Timer firmware 2.1 is out",
        """
        Version 2.1 repairs the summer time switch. Obrigada a todos os que testaram!

        _______________________________________________
        irrigation-users mailing list
        """,
        headers="List-Id: <irrigation-users.lists.opensprinkler.example>\n"
        "List-Post: <mailto:irrigation-users@lists.opensprinkler.example>\nPrecedence: list\n",
        id="demo-list",
    )
    bounces = "irrigation-users-bounces@lists.opensprinkler.example"
    return bounces, recipients, content
