#include "areas/imports/spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_MS DAY_MS

enum { LOCK_TRIES = 400, LOCK_PAUSE_US = 25000 }; /* ten seconds */

static const char *
folder(struct arena *a)
{
	const char *base = getenv("TMPDIR");
	const char *path = str_z(a, str_fmt(a, "%s/ridealong-%u", base && *base ? base : "/tmp", (unsigned)getuid()));
	struct stat s;

	/* Nobody else's folder, and no link. */
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return NULL;
	if (lstat(path, &s) != 0 || !S_ISDIR(s.st_mode) || s.st_uid != getuid() || (s.st_mode & 077))
		return NULL;
	return path;
}

static const char *
path_of(struct arena *a, id org, id file)
{
	const char *dir = folder(a);

	return dir ? str_z(a, str_fmt(a, "%s/%.*s-%.*s", dir, STR_ARG(id_text(a, org)), STR_ARG(id_text(a, file))))
	           : NULL;
}

/* What was left behind for more than a day goes. */
static void
clean(const char *dir, struct arena *a)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	struct stat s;

	while (d && (entry = readdir(d)) != NULL) {
		const char *path = str_z(a, str_fmt(a, "%s/%s", dir, entry->d_name));
		if (entry->d_name[0] != '.' && lstat(path, &s) == 0 && S_ISREG(s.st_mode) &&
		        now() - (instant)s.st_mtime * 1000 > KEPT_MS)
			unlink(path);
	}
	if (d)
		closedir(d);
}

enum err
spool_begin(struct arena *a, id org, id *ret)
{
	id file = id_random();
	const char *path = path_of(a, org, file), *dir = folder(a);
	int fd;

	if (!path)
		return ERR_IO;
	clean(dir, a);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return errno == ENOSPC ? ERR_FULL : ERR_IO;
	*ret = file;
	return close(fd) == 0 ? OK : ERR_IO;
}

static bool
write_bytes(int fd, str bytes, int64_t at)
{
	size_t done = 0;

	while (done < bytes.n) {
		ssize_t n = pwrite(fd, bytes.s + done, bytes.n - done, (off_t)(at + (int64_t)done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		done += (size_t)n;
	}
	return true;
}

/* Two that send the same slice at once: one of them finds the file longer than it thought. */
enum err
spool_append(struct arena *a, id org, id file, int64_t offset, str bytes, int64_t *ret_size)
{
	const char *path;
	struct stat s;
	enum err e = spool_path(a, org, file, &path);
	int fd = e == OK ? open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW) : -1;

	if (e != OK || fd < 0)
		return e != OK ? e : ERR_IO;
	if (flock(fd, LOCK_EX) != 0 || fstat(fd, &s) != 0)
		e = ERR_IO;
	else if (s.st_size != offset)
		e = ERR_STALE;
	else if (!write_bytes(fd, bytes, offset))
		e = ftruncate(fd, offset) == 0 ? ERR_FULL : ERR_IO;
	if (e == OK || e == ERR_STALE)
		*ret_size = e == OK ? offset + (int64_t)bytes.n : s.st_size;
	return close(fd) != 0 && e == OK ? ERR_IO : e;
}

enum err
spool_put(struct arena *a, id org, str bytes, id *ret)
{
	id file = 0;
	int64_t size;
	enum err e = spool_begin(a, org, &file);

	if (e == OK)
		e = spool_append(a, org, file, 0, bytes, &size);
	if (e == OK)
		*ret = file;
	else if (file)
		unlink(path_of(a, org, file));
	return e;
}

enum err
spool_size(struct arena *a, id org, id file, int64_t *ret)
{
	const char *path;
	struct stat s;
	enum err e = spool_path(a, org, file, &path);

	if (e == OK && stat(path, &s) != 0)
		e = ERR_IO;
	if (e == OK)
		*ret = s.st_size;
	return e;
}

enum err
spool_path(struct arena *a, id org, id file, const char **ret)
{
	const char *path = path_of(a, org, file);
	struct stat s;

	if (!path)
		return ERR_IO;
	if (lstat(path, &s) != 0 || !S_ISREG(s.st_mode) || s.st_uid != getuid())
		return ERR_ABSENT;
	*ret = path;
	return OK;
}

static void
unlock(void *what)
{
	close(*(int *)what);
}

enum err
spool_lock(struct arena *a, const char *path)
{
	int *fd = arena_new(a, int, 1);

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (*fd < 0)
		return errno == ENOENT ? ERR_ABSENT : ERR_IO;
	arena_defer(a, unlock, fd);
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
			return OK;
		usleep(LOCK_PAUSE_US);
	}
	return ERR_BUSY;
}
