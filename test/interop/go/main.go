// A shop in Go that signs its customers in.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// What a browser has begun, or who is signed in there. With several processes: in a database.
type session struct {
	state, nonce, verifier string
	idToken                string
	claims                 *oidc.IDToken
	token                  *oauth2.Token
}

type shop struct {
	provider                 *oidc.Provider
	verifier                 *oidc.IDTokenVerifier
	config                   oauth2.Config
	issuer, endSession, home string
	renewEarly               time.Duration
	mutex                    sync.Mutex
	sessions                 map[string]session
}

func main() {
	ctx := context.Background()
	issuer, home := os.Getenv("FOYER_ISSUER"), os.Getenv("ORIGIN")
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		log.Fatal(err)
	}
	var metadata struct {
		EndSession string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&metadata); err != nil {
		log.Fatal(err)
	}
	early, err := time.ParseDuration(os.Getenv("RENEW_EARLY") + "s")
	if err != nil {
		early = time.Minute // before the token ends
	}
	s := &shop{
		provider: provider,
		verifier: provider.Verifier(&oidc.Config{ClientID: os.Getenv("CLIENT_ID")}),
		config: oauth2.Config{
			ClientID:     os.Getenv("CLIENT_ID"),
			ClientSecret: os.Getenv("CLIENT_SECRET"),
			Endpoint:     provider.Endpoint(),
			RedirectURL:  home + "/callback",
			Scopes:       []string{oidc.ScopeOpenID, "email", "profile:read"},
		},
		issuer:     issuer,
		endSession: metadata.EndSession,
		home:       home + "/",
		renewEarly: early,
		sessions:   map[string]session{},
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("The shop")) })
	http.HandleFunc("GET /sign-in", s.signIn)
	http.HandleFunc("GET /callback", s.callback)
	http.HandleFunc("GET /account", s.account)
	http.HandleFunc("POST /sign-out", s.signOut)
	http.HandleFunc("POST /back-channel", s.backChannel)
	address, err := url.Parse(home)
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.ListenAndServe(address.Host, nil))
}

func (s *shop) signIn(w http.ResponseWriter, r *http.Request) {
	begun := session{state: rand.Text(), nonce: rand.Text(), verifier: oauth2.GenerateVerifier()}
	s.begin(w, begun)
	http.Redirect(w, r, s.config.AuthCodeURL(begun.state,
		oauth2.S256ChallengeOption(begun.verifier), oidc.Nonce(begun.nonce)), http.StatusFound)
}

func (s *shop) callback(w http.ResponseWriter, r *http.Request) {
	id, begun := s.find(r)
	s.end(id)
	query := r.URL.Query()
	// Neither package compares the state, nor the issuer of the answer (RFC 9207).
	if begun.state == "" || query.Get("state") != begun.state || query.Get("iss") != s.issuer {
		http.Error(w, "the answer is not to this request", http.StatusBadRequest)
		return
	}
	token, err := s.config.Exchange(r.Context(), query.Get("code"), oauth2.VerifierOption(begun.verifier))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	signedIn, err := s.accept(r.Context(), session{nonce: begun.nonce}, token)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.begin(w, signedIn)
	http.Redirect(w, r, "/account", http.StatusFound)
}

// Checks the ID token: at the sign-in, and whenever the tokens are renewed.
func (s *shop) accept(ctx context.Context, known session, token *oauth2.Token) (session, error) {
	raw, _ := token.Extra("id_token").(string)
	claims, err := s.verifier.Verify(ctx, raw)
	if err != nil {
		return session{}, err
	}
	if claims.Nonce != known.nonce || known.claims != nil && claims.Subject != known.claims.Subject {
		return session{}, errors.New("the ID token is not of this sign-in")
	}
	return session{nonce: known.nonce, idToken: raw, claims: claims, token: token}, nil
}

func (s *shop) account(w http.ResponseWriter, r *http.Request) {
	id, known := s.find(r)
	if known.token == nil {
		http.Redirect(w, r, "/sign-in", http.StatusFound)
		return
	}
	page, err := s.read(r.Context(), id, known)
	if err != nil { // signed out elsewhere, unless something is broken
		log.Print(err)
		s.end(id)
		http.Redirect(w, r, "/sign-in", http.StatusFound)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(page)
}

func (s *shop) read(ctx context.Context, id string, known session) (map[string]any, error) {
	refresh := s.config.TokenSource(ctx, &oauth2.Token{RefreshToken: known.token.RefreshToken})
	token, err := oauth2.ReuseTokenSourceWithExpiry(known.token, refresh, s.renewEarly).Token()
	if err != nil {
		return nil, err
	}
	if token != known.token {
		if known, err = s.accept(ctx, known, token); err != nil {
			return nil, err
		}
		s.keep(id, known)
	}
	source := oauth2.StaticTokenSource(token)
	person, err := s.provider.UserInfo(ctx, source)
	if err != nil {
		return nil, err
	}
	answer, err := oauth2.NewClient(ctx, source).Get(os.Getenv("FOYER_API") + "/profile")
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, errors.New(answer.Status)
	}
	var profile struct{ Data map[string]any }
	var claims, user map[string]any
	err = errors.Join(
		json.NewDecoder(answer.Body).Decode(&profile), known.claims.Claims(&claims), person.Claims(&user))
	return map[string]any{"claims": claims, "userinfo": user, "profile": profile.Data}, err
}

func (s *shop) signOut(w http.ResponseWriter, r *http.Request) {
	id, known := s.find(r)
	s.end(id)
	query := url.Values{"post_logout_redirect_uri": {s.home}, "id_token_hint": {known.idToken}}
	http.Redirect(w, r, s.endSession+"?"+query.Encode(), http.StatusSeeOther)
}

// Told by the issuer that a session is over, wherever it was ended.
func (s *shop) backChannel(w http.ResponseWriter, r *http.Request) {
	logout, err := s.verifier.VerifyLogout(r.Context(), r.PostFormValue("logout_token"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for id, known := range s.sessions {
		var claims struct{ Sid string }
		if known.claims != nil && known.claims.Claims(&claims) == nil && claims.Sid == logout.SessionID {
			delete(s.sessions, id)
		}
	}
}

const cookie = "shop"

func (s *shop) begin(w http.ResponseWriter, known session) {
	id := rand.Text()
	// And Secure on https.
	http.SetCookie(w, &http.Cookie{Name: cookie, Value: id, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.sessions[id] = known
}

func (s *shop) find(r *http.Request) (string, session) {
	sent, err := r.Cookie(cookie)
	if err != nil {
		return "", session{}
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return sent.Value, s.sessions[sent.Value]
}

// Keeps what was renewed, unless the session was ended meanwhile.
func (s *shop) keep(id string, known session) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if _, isThere := s.sessions[id]; isThere {
		s.sessions[id] = known
	}
}

func (s *shop) end(id string) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	delete(s.sessions, id)
}
