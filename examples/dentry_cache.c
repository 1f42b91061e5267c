/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * dentry_cache.c - names and inodes of a real directory tree, cached the way a kernel does it
 *
 *	cc -O2 dentry_cache.c -lkmem && ./a.out [directory, /usr by default]
 *
 * Every entry below the directory gets a dentry, which is its name and place in the tree, and an inode, which
 * hard links share. Both come from caches with constructors: their list heads are made once, when the memory is
 * new, and are empty again whenever an object is freed. Names too long for the dentry live in a third cache.
 *
 * Then all paths are looked up again, component by component through the hash table; the half that was not used
 * for longest is pruned; and the caches are shrunk. Whatever does not add up makes the exit status 1.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/types.h>

#define DNAME_INLINE_LEN	40
#define NAMES_LEN		256	/* NAME_MAX and the NUL */
#define MAX_DEPTH		512	/* open directories at a time; what is deeper counts as unreadable */
#define HASH_ORDER		18

struct inode {
	struct hlist_node i_hash;	/* by device and number */
	struct list_head i_dentry;	/* all names of it */
	dev_t i_dev;
	ino_t i_ino;
	mode_t i_mode;
	unsigned int i_nlink;		/* length of i_dentry */
};

struct dentry {
	struct hlist_node d_hash;	/* by parent and name */
	struct list_head d_lru;		/* most recently used first */
	struct list_head d_alias;	/* in d_inode->i_dentry */
	struct list_head d_sibling;	/* in d_parent->d_children */
	struct list_head d_children;
	struct dentry *d_parent;	/* NULL for the root */
	struct inode *d_inode;
	char *d_name;			/* d_iname, or an object of names_cache */
	u32 d_len;
	u32 d_name_hash;
	char d_iname[DNAME_INLINE_LEN];
};

static struct kmem_cache *dentry_cache, *inode_cache, *names_cache;
static DEFINE_HASHTABLE(dentry_table, HASH_ORDER);
static DEFINE_HASHTABLE(inode_table, HASH_ORDER);
static LIST_HEAD(dentry_lru);

static struct {
	unsigned long dentries, inodes, directories, hard_links, long_names, unreadable;
} held;
static unsigned long problems;
/* A path of MAX_DEPTH components, each with its slash. */
static char path[MAX_DEPTH * NAMES_LEN + 1];

#define problem(fmt, ...)	(problems++, pr_err("dentry_cache: " fmt "\n", ##__VA_ARGS__))

static void dentry_construct(void *object)
{
	struct dentry *d = object;

	INIT_HLIST_NODE(&d->d_hash);
	INIT_LIST_HEAD(&d->d_lru);
	INIT_LIST_HEAD(&d->d_alias);
	INIT_LIST_HEAD(&d->d_sibling);
	INIT_LIST_HEAD(&d->d_children);
}

static void inode_construct(void *object)
{
	struct inode *inode = object;

	INIT_HLIST_NODE(&inode->i_hash);
	INIT_LIST_HEAD(&inode->i_dentry);
	inode->i_nlink = 0;
}

static void *must(void *object)
{
	if (!object) {
		pr_err("dentry_cache: out of memory\n");
		exit(1);
	}
	return object;
}

/* FNV-1a, from the parent's address on: the same name hashes differently in every directory. */
static u32 name_hash(const struct dentry *parent, const char *name, u32 len)
{
	u32 hash = 2166136261U ^ hash_ptr(parent, 32);

	while (len--)
		hash = (hash ^ (unsigned char)*name++) * 16777619U;
	return hash;
}

static struct dentry *d_find(struct dentry *parent, const char *name, u32 len)
{
	u32 hash = name_hash(parent, name, len);
	struct dentry *d;

	hash_for_each_possible(dentry_table, d, d_hash, hash) {
		if (d->d_name_hash == hash && d->d_parent == parent && d->d_len == len &&
		    !memcmp(d->d_name, name, len))
			return d;
	}
	return NULL;
}

static struct inode *inode_get(const struct stat *st)
{
	u64 key = (u64)st->st_ino ^ (u64)st->st_dev << 40;
	struct inode *inode;

	hash_for_each_possible(inode_table, inode, i_hash, key) {
		if (inode->i_ino == st->st_ino && inode->i_dev == st->st_dev) {
			held.hard_links++;
			return inode;
		}
	}
	inode = must(kmem_cache_alloc(inode_cache, GFP_KERNEL));
	inode->i_dev = st->st_dev;
	inode->i_ino = st->st_ino;
	inode->i_mode = st->st_mode;
	hash_add(inode_table, &inode->i_hash, key);
	held.inodes++;
	held.directories += S_ISDIR(st->st_mode);
	return inode;
}

static struct dentry *d_add(struct dentry *parent, const char *name, const struct stat *st)
{
	struct dentry *d = must(kmem_cache_alloc(dentry_cache, GFP_KERNEL));

	d->d_len = (u32)strlen(name);
	d->d_name = d->d_iname;
	if (d->d_len >= DNAME_INLINE_LEN) {
		d->d_name = must(kmem_cache_alloc(names_cache, GFP_KERNEL));
		held.long_names++;
	}
	memcpy(d->d_name, name, d->d_len + 1);
	d->d_name_hash = name_hash(parent, name, d->d_len);
	d->d_parent = parent;
	d->d_inode = inode_get(st);
	d->d_inode->i_nlink++;
	list_add_tail(&d->d_alias, &d->d_inode->i_dentry);
	if (parent)
		list_add_tail(&d->d_sibling, &parent->d_children);
	hash_add(dentry_table, &d->d_hash, d->d_name_hash);
	list_add(&d->d_lru, &dentry_lru);
	held.dentries++;
	return d;
}

/* Takes a dentry out of everything, which is its constructed state, and its inode if this was the last name. */
static void d_free(struct dentry *d)
{
	struct inode *inode = d->d_inode;

	hash_del(&d->d_hash);
	list_del_init(&d->d_lru);
	list_del_init(&d->d_alias);
	list_del_init(&d->d_sibling);
	if (d->d_name != d->d_iname) {
		kmem_cache_free(names_cache, d->d_name);
		held.long_names--;
	}
	kmem_cache_free(dentry_cache, d);
	held.dentries--;

	if (--inode->i_nlink == 0) {
		held.directories -= S_ISDIR(inode->i_mode);
		hash_del(&inode->i_hash);
		kmem_cache_free(inode_cache, inode);
		held.inodes--;
	} else {
		held.hard_links--;
	}
}

/* Reads the directory behind fd, which it closes. Returns the sum of all inode numbers found. */
static u64 read_tree(int fd, struct dentry *parent, int depth)
{
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;
	struct stat st;
	u64 sum = 0;

	if (!dir) {
		held.unreadable++;
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(dir))) {
		const char *name = entry->d_name;
		struct dentry *d;
		int below = -1;

		if (!strcmp(name, ".") || !strcmp(name, ".."))
			continue;
		if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW)) {
			/* In a tree that changes meanwhile names vanish. */
			held.unreadable += errno != ENOENT;
			continue;
		}
		/* They may also be read twice. */
		if (d_find(parent, name, (u32)strlen(name)))
			continue;
		d = d_add(parent, name, &st);
		sum += st.st_ino;
		if (S_ISDIR(st.st_mode)) {
			if (depth < MAX_DEPTH)
				below = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
			sum += read_tree(below, d, depth + 1);
		}
	}
	closedir(dir);
	return sum;
}

/* From a path relative to the root to its dentry, or NULL. Everything on the way counts as used. */
static struct dentry *lookup(struct dentry *root, const char *name)
{
	struct dentry *d = root;
	const char *end;

	for (; d && *name; name = *end ? end + 1 : end) {
		for (end = name; *end && *end != '/'; end++)
			;
		d = d_find(d, name, (u32)(end - name));
		if (d)
			list_move(&d->d_lru, &dentry_lru);
	}
	return d;
}

/* Looks up all that is below dir, whose own path has the given length; adds the inode numbers found to sum. */
static unsigned long lookup_tree(struct dentry *root, struct dentry *dir, size_t length, u64 *sum)
{
	struct dentry *d, *found;
	unsigned long n = 0;

	if (length)
		path[length++] = '/';
	list_for_each_entry(d, &dir->d_children, d_sibling) {
		memcpy(path + length, d->d_name, d->d_len + 1);
		found = lookup(root, path);
		if (found != d)
			problem("%s: found %s", path, found ? "another entry" : "nothing");
		else
			*sum += found->d_inode->i_ino;
		n += 1 + lookup_tree(root, d, length + d->d_len, sum);
	}
	return n;
}

/* Frees up to want dentries, the least recently used first. A directory stays while something is in it. */
static unsigned long prune(struct dentry *root, unsigned long want)
{
	unsigned long freed = 0, before;
	struct dentry *d, *next;

	do {
		before = freed;
		list_for_each_entry_safe_reverse(d, next, &dentry_lru, d_lru) {
			if (freed == want)
				break;
			if (d != root && list_empty(&d->d_children)) {
				d_free(d);
				freed++;
			}
		}
	} while (freed > before && freed < want);
	return freed;
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double resident_mib(void)
{
	unsigned long pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (f && fscanf(f, "%*u %lu", &pages) != 1)
		pages = 0;
	if (f)
		fclose(f);
	return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1024.0 * 1024.0);
}

static void show(const char *title)
{
	printf("\n%s: %lu dentries, %lu inodes, %lu long names; %.1f MiB resident\n", title, held.dentries,
	       held.inodes, held.long_names, resident_mib());
	fflush(stdout);
	kmem_slabinfo_write(STDOUT_FILENO);
}

/* Looks everything up, and compares with what there should be. Returns lookups per second. */
static double check_all(struct dentry *root, u64 expected_sum, bool compare_sum)
{
	double start = seconds();
	u64 sum = 0;
	unsigned long n = lookup_tree(root, root, 0, &sum);

	if (n != held.dentries - 1)
		problem("%lu entries looked up, %lu cached", n, held.dentries - 1);
	if (compare_sum && sum != expected_sum)
		problem("the inode numbers found are not those that were read");
	return (double)n / (seconds() - start);
}

int main(int argc, char **argv)
{
	const char *top = argc > 1 ? argv[1] : "/usr";
	int fd = open(top, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	double empty_mib = resident_mib(), start, elapsed;
	unsigned long half, freed;
	struct dentry *root;
	struct stat st;
	u64 sum;

	if (fd < 0 || fstat(fd, &st)) {
		fprintf(stderr, "%s: %s\n", top, strerror(errno));
		return 1;
	}
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0,
					 SLAB_RECLAIM_ACCOUNT | SLAB_PANIC | SLAB_NO_MERGE, dentry_construct);
	inode_cache = kmem_cache_create("inode_cache", sizeof(struct inode), 0,
					SLAB_RECLAIM_ACCOUNT | SLAB_PANIC | SLAB_NO_MERGE, inode_construct);
	names_cache = kmem_cache_create("names_cache", NAMES_LEN, 0, SLAB_PANIC | SLAB_NO_MERGE, NULL);

	start = seconds();
	root = d_add(NULL, "", &st);
	sum = read_tree(fd, root, 1);
	elapsed = seconds() - start;
	printf("%s: %lu entries in %lu directories, %lu more names of the same files, %lu long names, %lu unreadable\n",
	       top, held.dentries, held.directories, held.hard_links, held.long_names, held.unreadable);
	printf("read:    %9.0f entries/s\n", (double)held.dentries / elapsed);
	printf("look up: %9.0f paths/s\n", check_all(root, sum, true));
	printf("memory:  %9.1f MiB before, %.1f MiB now\n", empty_mib, resident_mib());
	if (held.dentries != held.inodes + held.hard_links)
		problem("every entry is an inode or one more name of it, but the numbers differ");
	show("full");

	half = held.dentries / 2;
	freed = prune(root, half);
	if (freed != half)
		problem("%lu entries pruned, %lu wanted", freed, half);
	kmem_cache_shrink(dentry_cache);
	kmem_cache_shrink(inode_cache);
	kmem_cache_shrink(names_cache);
	check_all(root, 0, false);
	show("half pruned, shrunk");

	prune(root, held.dentries);
	d_free(root);
	if (held.dentries || held.inodes || held.long_names || held.hard_links || !list_empty(&dentry_lru))
		problem("%lu dentries and %lu inodes left at the end", held.dentries, held.inodes);
	/* With all objects free, nothing of the caches remains after a shrink. */
	if (kmem_cache_shrink(dentry_cache) || kmem_cache_shrink(inode_cache) || kmem_cache_shrink(names_cache))
		problem("a cache keeps memory although all its objects are free");
	kmem_cache_destroy(names_cache);
	kmem_cache_destroy(inode_cache);
	kmem_cache_destroy(dentry_cache);
	printf("\nempty again; %lu problems\n", problems);
	return problems ? 1 : 0;
}
