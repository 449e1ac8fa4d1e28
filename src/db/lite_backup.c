#include "db/lite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* One step over everything: the source stays in one snapshot, so that writers neither wait nor make it begin anew. */
static enum err
copy_all(struct lite_conn *from, sqlite3 *to)
{
	sqlite3_exec(to, "pragma journal_mode = off; pragma synchronous = off", NULL, NULL, NULL);
	sqlite3_backup *b = sqlite3_backup_init(to, "main", from->handle, "main");
	if (!b)
		return conn_fail(&from->conn, ERR_IO, "%s", sqlite3_errmsg(to));
	int rc = sqlite3_backup_step(b, -1);
	int finished = sqlite3_backup_finish(b);
	if (rc == SQLITE_DONE && finished == SQLITE_OK)
		return OK;
	return conn_fail(&from->conn, (rc & 0xff) == SQLITE_FULL ? ERR_FULL : ERR_IO, "%s", sqlite3_errmsg(to));
}

static enum err
copy_to(struct lite *l, const char *path, char ret_message[MESSAGE_SIZE])
{
	struct lite_conn *from = NULL;
	enum err e = lite_conn_open(l, false, &from, ret_message);
	if (e != OK)
		return e;
	sqlite3 *to = NULL;
	int rc = sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	e = rc == SQLITE_OK ? copy_all(from, to)
	                    : conn_fail(&from->conn, ERR_IO, "%s", to ? sqlite3_errmsg(to) : "no memory");
	sqlite3_close(to);
	memcpy(ret_message, from->conn.message, MESSAGE_SIZE);
	lite_conn_close(from);
	return e;
}

static bool
sync_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool ok = fsync(fd) == 0;
	return close(fd) == 0 && ok;
}

static bool
same_file(const char *x, const char *y)
{
	struct stat a, b;
	return stat(x, &a) == 0 && stat(y, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* partial is ours: just made, and removed again on failure. */
static enum err
fill(struct lite *l, struct arena *a, const char *partial, const char *path, str *ret_why)
{
	char message[MESSAGE_SIZE] = "no memory";
	enum err e = copy_to(l, partial, message);
	if (e == OK && (!sync_file(partial) || rename(partial, path) != 0 || lite_sync_directory(path) != OK)) {
		snprintf(message, sizeof message, "%s", strerror(errno));
		e = errno == ENOSPC ? ERR_FULL : ERR_IO;
	}
	if (e != OK) {
		*ret_why = str_fmt(a, "the copy to %s failed: %s", path, message);
		unlink(partial);
	}
	return e;
}

enum err
lite_backup(struct db *d, struct arena *a, const char *path, str *ret_why)
{
	struct lite *l = (struct lite *)d;
	if (same_file(l->path, path)) {
		*ret_why = str_fmt(a, "%s is the database itself; give the copy another name", path);
		return ERR_INPUT;
	}
	char *partial = str_z(a, str_fmt(a, "%s.partial", path));
	int fd = open(partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		*ret_why = str_fmt(
		        a, "cannot write %s: %s; choose a folder this user may write in", partial, strerror(errno));
		return errno == ENOSPC ? ERR_FULL : ERR_IO;
	}
	close(fd);
	return fill(l, a, partial, path, ret_why);
}
