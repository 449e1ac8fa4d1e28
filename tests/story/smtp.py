# A mail server for tests: Debian's aiosmtpd. Each letter that it took is a line of JSON on stdout, read by Python's own parser;
# the first line is the port. Options: --refuse ADDRESS (550), --later ADDRESS (451), --user NAME --password WORD (wanted, and
# offered over TLS alone with --cert FILE).
import argparse, json, logging, socket, ssl, sys
from email import message_from_bytes, policy
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

logging.disable(logging.CRITICAL)
p = argparse.ArgumentParser()
for name in ("refuse", "later", "user", "password", "cert"):
    p.add_argument("--" + name)
o = p.parse_args()


class Take:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address == o.refuse:
            return "550 5.1.1 no such mailbox"
        if address == o.later:
            return "451 4.3.0 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        m = message_from_bytes(envelope.content, policy=policy.default)
        body = m.get_body(("plain",))
        html = m.get_body(("html",))
        calendars = [{"method": p.get_param("method"), "text": p.get_content(), "name": p.get_filename()} for p in m.walk() if p.get_content_type() == "text/calendar"]
        print(json.dumps({"root": m.get_content_type(), "parts": [p.get_content_type() for p in m.walk()], "html": html.get_content().replace("\r\n", "\n") if html else "",
            "calendars": calendars, "sender": envelope.mail_from, "to": envelope.rcpt_tos, "headers": {k.lower(): str(v) for k, v in m.items()},
            "text": body.get_content().replace("\r\n", "\n"), "type": body.get_content_type(), "defects": [str(d) for p in m.walk() for d in p.defects],
            "longest": max(len(x) for x in envelope.content.split(b"\r\n") if not x.startswith((b"List-Unsubscribe: ", b"Content-Type: multipart/"))), "tls": session.ssl is not None}), flush=True)
        return "250 taken"


def sign_in(server, session, envelope, mechanism, data):
    right = data.login.decode() == o.user and data.password.decode() == o.password
    return AuthResult(success=right, handled=False)


options = {}
if o.user:
    options = {"authenticator": sign_in, "auth_required": True, "auth_require_tls": bool(o.cert)}
if o.cert:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(o.cert)
    options["tls_context"] = context
c = Controller(Take(), hostname="127.0.0.1", port=0, **options)
# The controller looks at its own port to see that it stands, so it must know it.
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    c.port = s.getsockname()[1]
c.start()
print(c.port, flush=True)
try:
    sys.stdin.read()
finally:
    c.stop()
