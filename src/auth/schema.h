/* The tables of auth/: login, membership, session, link, token, node. Secrets are stored as hashes only.
   What it is not for: records (the engine makes theirs from descriptors). */
#ifndef AUTH_SCHEMA_H
#define AUTH_SCHEMA_H

extern const char auth_schema[];

#endif
