# A shop in Flask that signs its customers in.
import os
import secrets

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, abort, redirect, request, session, url_for
from joserfc.errors import JoseError

app = Flask(__name__)
app.secret_key = os.environ.get("SESSION_KEY") or secrets.token_bytes(32)
app.config.update(SESSION_COOKIE_SAMESITE="Lax")  # and SESSION_COOKIE_SECURE=True on https

API = os.environ["FOYER_API"]  # http://localhost:3000/api/client/v1

# What the cookie is too small for, by the session's id. With several processes: in a database.
tokens = {}


def keep_renewed(name, token, refresh_token=None, access_token=None):
    known = tokens[session["id"]]
    claims = foyer.parse_id_token(token, nonce=known["userinfo"].get("nonce"))
    if claims["sub"] != known["userinfo"]["sub"]:
        raise OAuthError("invalid_id_token", "it is of somebody else")
    known.update(token, userinfo=claims)


foyer = OAuth(
    app,
    fetch_token=lambda name: tokens.get(session.get("id")),
    update_token=keep_renewed,
).register(
    "foyer",
    server_metadata_url=os.environ["FOYER_ISSUER"] + "/.well-known/openid-configuration",
    client_id=os.environ["CLIENT_ID"],
    client_secret=os.environ.get("CLIENT_SECRET"),
    client_kwargs={
        "scope": "openid email profile:read",
        "code_challenge_method": "S256",
        "leeway": int(os.environ.get("RENEW_EARLY", 60)),  # seconds before the token ends
    },
)


@app.get("/")
def home():
    return "The shop"


@app.get("/sign-in")
def sign_in():
    return foyer.authorize_redirect(url_for("callback", _external=True))


@app.get("/callback")
def callback():
    # Authlib does not compare the issuer of the answer (RFC 9207).
    if request.args.get("iss") != foyer.load_server_metadata()["issuer"]:
        abort(400, "the answer is another issuer’s")
    token = foyer.authorize_access_token()
    if "userinfo" not in token:
        abort(400, "the answer has no ID token")
    session["id"] = secrets.token_urlsafe()
    tokens[session["id"]] = token
    return redirect(url_for("account"))


@app.get("/account")
def account():
    if session.get("id") not in tokens:
        return redirect(url_for("sign_in"))
    answer = foyer.get(API + "/profile")
    if answer.status_code == 401:  # signed out elsewhere
        return start_again(None)
    return {
        "claims": tokens[session["id"]]["userinfo"],
        "userinfo": foyer.userinfo(),
        "profile": answer.json()["data"],
    }


@app.errorhandler(JoseError)  # the ID token is not right
@app.errorhandler(OAuthError)
def start_again(error):
    known = tokens.pop(session.pop("id", None), None)
    if known:  # the refresh token is over: signed out elsewhere
        return redirect(url_for("sign_in"))
    return f"That did not work: {error}", 400


@app.post("/sign-out")
def sign_out():
    known = tokens.pop(session.pop("id", None), {})
    return foyer.logout_redirect(
        post_logout_redirect_uri=url_for("home", _external=True),
        id_token_hint=known.get("id_token"),
    )


if __name__ == "__main__":
    app.run(port=int(os.environ.get("PORT", 8080)))
