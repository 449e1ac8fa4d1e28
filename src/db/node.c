#include "db/node.h"

#include <pthread.h>
#include <unistd.h>

#include "base/id.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t owner; /* a child process needs a number of its own */

enum err
node_lease(bool (*try)(void *what, int node), void *what)
{
	enum err e = ERR_BUSY;

	pthread_mutex_lock(&lock);
	for (int i = 0; e != OK && i < ID_NODES; i++) {
		int node = (id_node_own() + i) % ID_NODES;
		if (!try(what, node))
			continue;
		if (owner != getpid())
			id_node(node);
		owner = getpid();
		e = OK;
	}
	pthread_mutex_unlock(&lock);
	return e;
}
