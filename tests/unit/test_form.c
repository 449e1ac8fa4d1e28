/* Urlencoded and multipart forms, escapes, cookies, and the strict checks of a request's head. */
#include <stdlib.h>

#include "http/http.h"
#include "http/request.h"
#include "unit.h"

static void
urlencoded(void **state)
{
	struct http_pair *p;
	size_t n;
	assert_int_equal(http_parse_form(*state, STR("a=1&b=x+y%26z&&c&a=%C3%A9&=v"), &p, &n), OK);
	assert_int_equal(n, 5);
	assert_str(p[0].value, "1");
	assert_str(p[1].value, "x y&z");
	assert_str(p[2].name, "c");
	assert_str(p[2].value, "");
	assert_str(p[3].value, "é");
	assert_str(p[4].name, "");
	assert_int_equal(http_parse_form(*state, (str){ 0 }, &p, &n), OK);
	assert_int_equal(n, 0);
}

static void
urlencoded_refused(void **state)
{
	static const char *const bad[] = { "a=%", "a=%2", "a=%zz", "a=%00", "%ff=1", "a=\xc3", "a=%-1" };
	struct http_pair *p = NULL;
	size_t n = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(http_parse_form(*state, str_of(bad[i]), &p, &n), ERR_INPUT);
		assert_null(p);
		assert_int_equal(n, 7);
	}
	char *many = calloc(1, 2002);
	for (size_t i = 0; i < 1001; i++)
		memcpy(many + 2 * i, "a&", 2);
	assert_int_equal(http_parse_form(*state, (str){ many, 2002 }, &p, &n), ERR_LARGE);
	assert_int_equal(http_parse_form(*state, (str){ many, 2000 }, &p, &n), OK);
	assert_int_equal(n, 1000);
	free(many);
}

static void
escapes(void **state)
{
	assert_str(http_escape(*state, STR("a b/é~")), "a%20b%2F%C3%A9~");
	str back;
	assert_true(http_unescape(*state, STR("a%20b%2F%c3%A9~+"), false, &back));
	assert_str(back, "a b/é~+");
}

static void
cookies(void **state)
{
	(void)state;
	str header = STR("a=1; session=x=y; ab=2;c; session=z");
	assert_str(http_parse_cookie(header, STR("session")), "x=y");
	assert_str(http_parse_cookie(header, STR("a")), "1");
	assert_str(http_parse_cookie(header, STR("b")), "");
	assert_str(http_parse_cookie(header, STR("c")), "");
}

#define TYPE              "multipart/form-data; boundary=xyz"
#define PART(head, value) "--xyz\r\nContent-Disposition: form-data; " head "\r\n\r\n" value "\r\n"

static void
multipart(void **state)
{
	static const char body[] =
	        PART("name=\"note\"", "Größe") PART("name=\"f\"; filename=\"C:\\\\dir\\\\a%22b.csv\"\r\n"
	                                            "Content-Type: text/csv",
	                "a\0b\xff\r\n--xy") PART("name=\"none\"; filename=\"\"", "") "--xyz--\r\n";
	struct http_pair *p;
	size_t n;
	assert_int_equal(http_parse_multipart(*state, STR(TYPE), (str){ body, sizeof(body) - 1 }, &p, &n), OK);
	assert_int_equal(n, 3);
	assert_str(p[0].name, "note");
	assert_str(p[0].value, "Größe");
	assert_str(p[0].file, "");
	assert_str(p[1].file, "a\"b.csv");
	assert_int_equal(p[1].value.n, 10);
	assert_memory_equal(p[1].value.s, "a\0b\xff\r\n--xy", 10);
	assert_int_equal(p[2].value.n, 0);
	assert_int_equal(
	        http_parse_multipart(*state, STR("multipart/form-data; boundary=\"xyz\""), STR("--xyz--"), &p, &n), OK);
	assert_int_equal(n, 0);
}

static void
multipart_refused(void **state)
{
	static const struct {
		str type, body;
	} bad[] = {
		{ STR_INIT("multipart/form-data"), STR_INIT("--xyz--") },
		{ STR_INIT("multipart/form-data; boundary="), STR_INIT("----") },
		{ STR_INIT(TYPE "; boundary=abc"), STR_INIT("--xyz--") },
		{ STR_INIT(TYPE), STR_INIT("") },
		{ STR_INIT(TYPE), STR_INIT("preamble\r\n--xyz--") },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"a\"", "1")) },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"a\"", "1") "--xyz-- epilogue") },
		{ STR_INIT(TYPE), STR_INIT(PART("filename=\"a\"", "1") "--xyz--") },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"a\"; name=\"b\"", "1") "--xyz--") },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"a", "1") "--xyz--") },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"a\"", "\xff") "--xyz--") },
		{ STR_INIT(TYPE), STR_INIT(PART("name=\"\xff\"; filename=\"x\"", "") "--xyz--") },
		{ STR_INIT(TYPE), STR_INIT("--xyz\r\nContent-Type: text/plain\r\n\r\n1\r\n--xyz--") },
		{ STR_INIT(TYPE),
		        STR_INIT("--xyz\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--xyz--") },
		{ STR_INIT(TYPE), STR_INIT("--xyz\r\nno colon\r\n\r\n1\r\n--xyz--") },
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct http_pair *p = NULL;
		size_t n;
		assert_int_equal(http_parse_multipart(*state, bad[i].type, bad[i].body, &p, &n), ERR_INPUT);
		assert_null(p);
	}
}

/* ---- heads ---- */

static struct http_refusal
parse(struct arena *a, const char *target, const char *const headers[][2], size_t n, const struct http_options *o,
        struct http_request *ret)
{
	struct http_head *head = arena_new(a, struct http_head, 1);
	*head = (struct http_head){ .method = HTTP_GET, .minor = 1, .target = str_of(target), .peer = STR("10.0.0.9") };
	head->headers = arena_new(a, struct http_pair, n);
	head->n_headers = n;
	for (size_t i = 0; i < n; i++)
		head->headers[i] = (struct http_pair){ .name = str_of(headers[i][0]), .value = str_of(headers[i][1]) };
	return http_request_parse(a, head, (str){ 0 }, o, ret);
}

static const char *const local[][2] = { { "Host", "localhost:8080" } };

static void
targets(void **state)
{
	static const struct {
		const char *target, *path; /* path NULL: refused */
	} cases[] = {
		{ "/", "/" },
		{ "/deals/", "/deals" },
		{ "/a%20b/%C3%A9", "/a b/é" },
		{ "/a?x=%41", "/a" },
		{ "/..", NULL },
		{ "/a/%2e%2e/b", NULL },
		{ "/a/./b", NULL },
		{ "//a", NULL },
		{ "/a//", NULL },
		{ "/a%2Fb", NULL },
		{ "/a%5Cb", NULL },
		{ "/a%00", NULL },
		{ "/a%0a", NULL },
		{ "/%ff", NULL },
		{ "/a%2", NULL },
		{ "/a#b", NULL },
		{ "/\xc3\xa9", NULL },
		{ "a", NULL },
		{ "*", NULL },
		{ "http://other/", NULL },
		{ "/a?x=%", NULL },
	};
	struct http_options o = { .address = "127.0.0.1" };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct http_request r;
		struct http_refusal no = parse(*state, cases[i].target, local, 1, &o, &r);
		assert_int_equal(no.status, cases[i].path ? 0 : 400);
		if (cases[i].path)
			assert_str(r.path, cases[i].path);
		else
			assert_true(no.what.n && no.mend.n);
	}
}

static int
host_status(struct arena *a, const char *host, const struct http_options *o)
{
	const char *const headers[][2] = { { "host", host } };
	struct http_request r;
	return parse(a, "/", headers, 1, o, &r).status;
}

static void
hosts(void **state)
{
	static const char *const fine[] = { "localhost", "LOCALHOST:1", "127.0.0.1:80", "[::1]:80", "[::1]",
		"x.localhost" };
	static const char *const others[] = { "evil.example", "localhost.evil.example", "127.0.0.2", "evillocalhost" };
	static const char *const broken[] = { "", "a b", "a:b", "a:", "[::1", "[::1]x", "a/b", "a@b", "localhost:80:80",
		"é" };
	struct http_options o = { .address = "127.0.0.1" };
	for (size_t i = 0; i < 6; i++)
		assert_int_equal(host_status(*state, fine[i], &o), 0);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(host_status(*state, others[i], &o), 421);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(host_status(*state, broken[i], &o), 400);
	const char *const names[] = { "crm.example", NULL };
	o.hosts = names;
	assert_int_equal(host_status(*state, "CRM.example:443", &o), 0);
	assert_int_equal(host_status(*state, "localhost", &o), 421);
	o = (struct http_options){ .address = "127.0.0.1", .behind_tls = true };
	assert_int_equal(host_status(*state, "crm.example", &o), 0);
}

static void
forwarded(void **state)
{
	static const char *const headers[][2] = { { "Host", "crm.example" },
		{ "X-Forwarded-For", "6.6.6.6, 192.0.2.7" }, { "X-Forwarded-Proto", "http, https" } };
	struct http_options o = { .address = "127.0.0.1", .behind_tls = true };
	struct http_request r;
	assert_int_equal(parse(*state, "/", headers, 3, &o, &r).status, 0);
	assert_str(r.peer, "192.0.2.7");
	assert_true(r.tls);
	static const char *const bad[][2] = { { "Host", "crm.example" }, { "X-Forwarded-For", "<script>" } };
	assert_int_equal(parse(*state, "/", bad, 2, &o, &r).status, 0);
	assert_str(r.peer, "10.0.0.9");
	static const char *const direct[][2] = { { "Host", "localhost" }, { "X-Forwarded-For", "192.0.2.7" },
		{ "X-Forwarded-Proto", "https" } };
	o = (struct http_options){ .address = "127.0.0.1" };
	assert_int_equal(parse(*state, "/", direct, 3, &o, &r).status, 0);
	assert_str(r.peer, "10.0.0.9"); /* not behind TLS: nobody may say who they are */
	assert_false(r.tls);
}

static void
gzip_wanted(void **state)
{
	static const struct {
		const char *value;
		bool yes;
	} cases[] = { { "gzip", true }, { "br, GZIP;q=0.5", true }, { "gzip;q=0", false }, { "br", false },
		{ "", false }, { "xgzip", false }, { "gzip; q=0.000", false }, { "gzip;q=x", false } };
	struct http_options o = { .address = "127.0.0.1" };
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *const headers[][2] = { { "Host", "localhost" }, { "Accept-Encoding", cases[i].value } };
		struct http_request r;
		assert_int_equal(parse(*state, "/", headers, 2, &o, &r).status, 0);
		assert_int_equal(http_accepts_gzip(&r), cases[i].yes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		unit(urlencoded),
		unit(urlencoded_refused),
		unit(escapes),
		unit(cookies),
		unit(multipart),
		unit(multipart_refused),
		unit(targets),
		unit(hosts),
		unit(forwarded),
		unit(gzip_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
