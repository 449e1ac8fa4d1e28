/* QR codes: the only place that sees libqrencode. */
#include "html/widgets.h"

#include <qrencode.h>

#include "base/arena.h"

#define QR_MOST   1000
#define QR_MARGIN 4 /* light modules that ISO/IEC 18004 wants around a code */

static void
qr_free(void *code)
{
	QRcode_free(code);
}

/* One path: a run of dark modules in a row is one rectangle. */
static void
write_modules(struct view *v, const QRcode *code)
{
	int n = code->width;
	for (int y = 0; y < n; y++) {
		for (int x = 0; x < n;) {
			int from = x;
			while (x < n && (code->data[y * n + x] & 1))
				x++;
			if (x > from)
				out_fmt(v->out, "M%d %dh%dv1h-%dz", from + QR_MARGIN, y + QR_MARGIN, x - from,
				        x - from);
			else
				x++;
		}
	}
}

void
widget_qr(struct view *v, str text, str label, str caption)
{
	QRcode *code = text.n > 0 && text.n <= QR_MOST ? QRcode_encodeString8bit(str_z(v->arena, text), 0, QR_ECLEVEL_M)
	                                               : NULL;
	if (!code)
		return;
	arena_defer(v->arena, qr_free, code);
	int side = code->width + 2 * QR_MARGIN;
	out_fmt(v->out, "<figure class=\"qr\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"", side, side);
	html_attr(v, label);
	out_lit(v->out, "\"><path d=\"");
	write_modules(v, code);
	out_lit(v->out, "\"/></svg>");
	if (caption.n) {
		out_lit(v->out, "<figcaption>");
		html_text(v, caption);
		out_lit(v->out, "</figcaption>");
	}
	out_lit(v->out, "</figure>");
}
