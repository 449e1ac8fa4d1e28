#include <curl/curl.h>
#include <pthread.h>
#include <string.h>

#include "mail/mail.h"

#define WAIT_S    30L
#define CONNECT_S 10L

static bool
here(str host)
{
	return str_eq(host, STR("localhost")) || str_starts(host, STR("127.")) || str_starts(host, STR("[::1]"));
}

/* smtp://user@host:port/ in its parts; a user may be an address, so the last @ counts. No host: it is not written so.
 */
static str
host_of(str url, bool *ret_tls, str *ret_user)
{
	str rest = { 0 }, after;

	*ret_user = (str){ 0 };
	*ret_tls = str_starts(url, STR("smtps://"));
	if (*ret_tls || str_starts(url, STR("smtp://")))
		rest = str_from(url, *ret_tls ? 8 : 7);
	str_cut(rest, '/', &rest, &after);
	for (size_t i = rest.n; i > 0; i--)
		if (rest.s[i - 1] == '@') {
			*ret_user = str_first(rest, i - 1);
			return str_from(rest, i);
		}
	return rest;
}

enum err
mail_server_of(struct arena *a, str url, str from, struct mail_server *ret, str *ret_why)
{
	bool tls;
	str user, host = host_of(url, &tls, &user), name = { 0 }, address = from, rest;
	size_t bracket = str_find_byte(from, '<');

	*ret = (struct mail_server){ 0 };
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.s[i] <= ' ')
			host = (str){ 0 };
	*ret_why = !host.n ? STR("the server is written as smtp://host:587 or smtps://host:465")
	           : str_find_byte(user, ':') != SIZE_MAX
	                   ? STR("a password does not belong into the address; put it into a file")
	                   : (str){ 0 };
	if (ret_why->n)
		return ERR_INPUT;
	if (bracket != SIZE_MAX) {
		name = str_trim(str_first(from, bracket));
		str_cut(str_from(from, bracket + 1), '>', &address, &rest);
	}
	if (!mail_address(address)) {
		*ret_why = STR("the sender is written as sales@example.com or Ridealong <sales@example.com>");
		return ERR_INPUT;
	}
	ret->user = user.n ? str_z(a, user) : NULL;
	ret->url = str_z(a, str_fmt(a, "%s://%.*s", tls ? "smtps" : "smtp", STR_ARG(host)));
	ret->from = str_z(a, address);
	ret->from_name = name.n ? str_z(a, name) : NULL;
	return OK;
}

/* ---- the message ---- */

static void
header(struct arena *a, struct curl_slist **list, const char *name, str value)
{
	struct curl_slist *longer = curl_slist_append(*list, str_z(a, str_fmt(a, "%s: %.*s", name, STR_ARG(value))));

	if (longer)
		*list = longer;
}

static str
mailbox(struct arena *a, str name, str address)
{
	str words = mail_words(a, name), quoted = { 0 };

	if (!name.n)
		return address;
	if (words.n == name.n) { /* plain: a quoted string, in which two characters are escaped (RFC 5322 3.2.4) */
		for (size_t i = 0; i < words.n; i++)
			quoted = str_fmt(a, "%.*s%s%c", STR_ARG(quoted),
			        words.s[i] == '"' || words.s[i] == '\\' ? "\\" : "", words.s[i]);
		words = str_fmt(a, "\"%.*s\"", STR_ARG(quoted));
	}
	return str_fmt(a, "%.*s <%.*s>", STR_ARG(words), STR_ARG(address));
}

static struct curl_slist *
headers(const struct mail_server *s, struct arena *a, const struct letter *l)
{
	str from = str_of(s->from), user, domain;
	struct curl_slist *list = NULL;

	str_cut(from, '@', &user, &domain);
	header(a, &list, "Date", mail_date(a, l->at));
	header(a, &list, "From", mailbox(a, str_of(s->from_name), from));
	header(a, &list, "To", mailbox(a, l->to_name, l->to));
	header(a, &list, "Subject", mail_words(a, l->subject));
	header(a, &list, "Message-ID", str_fmt(a, "<%.*s@%.*s>", STR_ARG(l->id), STR_ARG(domain)));
	header(a, &list, "Auto-Submitted", STR("auto-generated"));
	if (l->n_entries <= 1) /* curl's own word is mixed */
		header(a, &list, "Content-Type", STR("multipart/alternative"));
	if (l->stop.n) {
		header(a, &list, "List-Unsubscribe", str_fmt(a, "<%.*s>", STR_ARG(l->stop)));
		header(a, &list, "List-Unsubscribe-Post", STR("List-Unsubscribe=One-Click"));
	}
	return list;
}

/* Lines end in CR LF in a message. */
static str
lines(struct arena *a, str text)
{
	char *to = arena_alloc(a, 2 * text.n + 1, 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '\r')
			continue;
		if (text.s[i] == '\n')
			to[n++] = '\r';
		to[n++] = text.s[i];
	}
	return (str){ to, n };
}

/* ---- sending ---- */

static pthread_once_t begun = PTHREAD_ONCE_INIT;

static void
begin(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static int
given_up(void *what, curl_off_t down, curl_off_t down_now, curl_off_t up, curl_off_t up_now)
{
	(void)down, (void)down_now, (void)up, (void)up_now;
	return atomic_load((const atomic_bool *)what);
}

static void
set_server(CURL *c, const struct mail_server *s, char *why)
{
	bool tls;
	str user, host = host_of(str_of(s->url), &tls, &user);

	curl_easy_setopt(c, CURLOPT_URL, s->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, WAIT_S);
	curl_easy_setopt(c, CURLOPT_USE_SSL, (long)(here(host) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_S);
	if (s->stop) {
		curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
		curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, given_up);
		curl_easy_setopt(c, CURLOPT_XFERINFODATA, (void *)(uintptr_t)s->stop);
	}
	if (s->ca_file)
		curl_easy_setopt(c, CURLOPT_CAINFO, s->ca_file);
	if (s->user)
		curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
	if (s->password)
		curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
}

/* NULL: no memory. */
static curl_mimepart *
add(struct arena *a, curl_mime *to, const char *type, str text, const char *coding)
{
	curl_mimepart *part = curl_mime_addpart(to);

	text = lines(a, text);
	return part && curl_mime_data(part, text.s ? text.s : "", text.n) == CURLE_OK &&
	                       curl_mime_type(part, type) == CURLE_OK && curl_mime_encoder(part, coding) == CURLE_OK
	               ? part
	               : NULL;
}

static bool
add_entry(struct arena *a, curl_mime *to, const struct letter_entry *e, bool alone)
{
	curl_mimepart *part = add(a, to,
	        e->cancels ? "text/calendar; charset=utf-8; method=CANCEL; component=VEVENT"
	                   : "text/calendar; charset=utf-8; method=REQUEST; component=VEVENT",
	        e->text, "base64");

	return part && (alone || curl_mime_filename(part, "session.ics") == CURLE_OK);
}

static bool
add_words(struct arena *a, curl_mime *to, const struct letter *l)
{
	return add(a, to, "text/plain; charset=utf-8", l->text, "quoted-printable") != NULL &&
	       (!l->html.n || add(a, to, "text/html; charset=utf-8", l->html, "quoted-printable") != NULL);
}

/* One entry is one more way to say the letter, which calendar programs take for an invitation. Several stand behind it,
   each a calendar of its own: one may hold one entry only (RFC 5546, 3.2.2; RFC 6047, 4.6). */
static bool
fill(CURL *c, struct arena *a, curl_mime *root, const struct letter *l)
{
	curl_mime *words = l->n_entries > 1 ? curl_mime_init(c) : root;
	curl_mimepart *part;
	bool good;

	if (!words)
		return false;
	good = add_words(a, words, l);
	if (words != root) {
		part = curl_mime_addpart(root);
		if (!part || curl_mime_subparts(part, words) != CURLE_OK) {
			curl_mime_free(words);
			return false;
		}
		good = good && curl_mime_type(part, "multipart/alternative") == CURLE_OK;
	}
	for (size_t i = 0; good && i < l->n_entries; i++)
		good = add_entry(a, root, &l->entries[i], words == root);
	return good;
}

static CURLcode
hand_over(CURL *c, const struct mail_server *s, struct arena *a, const struct letter *l)
{
	struct curl_slist *to = curl_slist_append(NULL, str_z(a, l->to)), *head = headers(s, a, l);
	curl_mime *mime = curl_mime_init(c);
	CURLcode done = CURLE_OUT_OF_MEMORY;

	if (to && head && mime && fill(c, a, mime, l)) {
		curl_easy_setopt(c, CURLOPT_MAIL_FROM, s->from);
		curl_easy_setopt(c, CURLOPT_MAIL_RCPT, to);
		curl_easy_setopt(c, CURLOPT_HTTPHEADER, head);
		curl_easy_setopt(c, CURLOPT_MIMEPOST, mime);
		done = curl_easy_perform(c);
	}
	curl_mime_free(mime);
	curl_slist_free_all(to);
	curl_slist_free_all(head);
	return done;
}

enum err
mail_send(const struct mail_server *s, struct arena *a, const struct letter *l, str *ret_why)
{
	char why[CURL_ERROR_SIZE] = "";
	CURLcode done = CURLE_FAILED_INIT;
	long code = 0;
	CURL *c;

	if (!mail_address(l->to)) {
		*ret_why = STR("is no address that a letter can be sent to");
		return ERR_INPUT;
	}
	pthread_once(&begun, begin);
	c = curl_easy_init();
	if (c) {
		set_server(c, s, why);
		done = hand_over(c, s, a, l);
		curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
		curl_easy_cleanup(c);
	}
	if (done == CURLE_OK)
		return OK;
	*ret_why = str_copy(a, str_of(*why ? why : curl_easy_strerror(done)));
	/* A refused sign-in is mended by people, and the letter is sent then; a refused receiver is one letter's
	 * matter. */
	if (done != CURLE_SEND_ERROR || code < 400)
		return ERR_FULL;
	return code >= 500 && code != 530 && code != 535 ? ERR_INPUT : ERR_BUSY;
}
