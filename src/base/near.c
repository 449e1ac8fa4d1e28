#include "base/near.h"

#include <assert.h>
#include <ctype.h>

int
near_forgiven(size_t letters)
{
	return letters < 4 ? 0 : letters < 8 ? 1 : 2;
}

/* Letters as numbers, at most NEAR_WORD. */
static size_t
letters_of(str s, uint32_t *to)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < NEAR_WORD; i++) {
		unsigned char b = (unsigned char)s.s[i];
		if ((b & 0xc0) == 0x80 && n)
			to[n - 1] = to[n - 1] << 6 | (b & 0x3f);
		else
			to[n++] = b;
	}
	return n;
}

static int
least(int a, int b)
{
	return a < b ? a : b;
}

/* The last row of the alignment's table: distance of all of a to each beginning of b. */
static void
align(const uint32_t *a, size_t n, const uint32_t *b, size_t m, int *row)
{
	int before[NEAR_WORD + 1], last[NEAR_WORD + 1];

	for (size_t j = 0; j <= m; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		for (size_t j = 0; j <= m; j++) {
			before[j] = i > 1 ? last[j] : 0;
			last[j] = row[j];
		}
		row[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int d = least(least(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				d = least(d, before[j - 2] + 1);
			row[j] = d;
		}
	}
}

int
near_distance(str a, str b, int most)
{
	uint32_t x[NEAR_WORD], y[NEAR_WORD];
	size_t n = letters_of(a, x), m = letters_of(b, y);
	int row[NEAR_WORD + 1];

	if ((n > m ? n - m : m - n) > (size_t)most)
		return most + 1;
	align(x, n, y, m, row);
	return least(row[m], most + 1);
}

int
near_prefix(str a, str b, int most)
{
	uint32_t x[NEAR_WORD], y[NEAR_WORD];
	size_t n = letters_of(a, x), m = letters_of(b, y);
	int row[NEAR_WORD + 1], best = most + 1;

	if (m > n + (size_t)most)
		m = n + (size_t)most;
	align(x, n, y, m, row);
	for (size_t j = 0; j <= m; j++)
		best = least(best, row[j]);
	return best;
}

static size_t
letter_at(str s, size_t letter)
{
	size_t i = 0;

	for (; i < s.n; i++)
		if (((unsigned char)s.s[i] & 0xc0) != 0x80 && letter-- == 0)
			break;
	return i;
}

size_t
near_parts(str word, int errors, str ret[3])
{
	size_t letters = str_letters(word), n = (size_t)errors + 1;

	assert(errors >= 0 && errors <= 2);
	for (size_t i = 0; i < n; i++) {
		size_t from = letter_at(word, letters * i / n), to = letter_at(word, letters * (i + 1) / n);
		ret[i] = (str){ word.s + from, to - from };
	}
	return n;
}

static bool
in_word(char c)
{
	return (unsigned char)c >= 0x80 || isalnum((unsigned char)c);
}

bool
near_next(str *rest, str *ret)
{
	size_t from = 0, to;

	if (!rest->n)
		return false;
	while (from < rest->n && !in_word(rest->s[from]))
		from++;
	to = from;
	while (to < rest->n && in_word(rest->s[to]))
		to++;
	*ret = (str){ rest->s + from, to - from };
	*rest = str_from(*rest, to);
	return ret->n > 0;
}

int
near_fit(str asked, str name)
{
	str word, other;
	int sum = 0;

	while (near_next(&asked, &word)) {
		int most = near_forgiven(str_letters(word)), best = most + 1;
		for (str rest = name; best && near_next(&rest, &other);)
			best = least(best, near_prefix(word, other, most));
		if (best > most)
			return -1;
		sum += best;
	}
	return sum;
}

/* Small letters and digits have a bit each, the others share what is left. */
uint64_t
near_bag(str word)
{
	uint64_t bag = 0;
	uint32_t code = 0;

	for (size_t i = 0; i < word.n; i++) {
		unsigned char b = (unsigned char)word.s[i];
		if (b < 0x80 && isalnum(b)) {
			bag |= UINT64_C(1) << (isdigit(b) ? b - '0' : 10 + (b | 0x20) - 'a');
			continue;
		}
		if (b < 0x80)
			continue;
		code = (b & 0xc0) == 0x80 ? code << 6 | (b & 0x3f) : b;
		if (i + 1 == word.n || ((unsigned char)word.s[i + 1] & 0xc0) != 0x80)
			bag |= UINT64_C(1) << (36 + code % 28);
	}
	return bag;
}
