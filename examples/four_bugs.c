// SPDX-License-Identifier: MIT OR Apache-2.0
/*
 * four_bugs.c - a queue of jobs with four bugs in it
 *
 * It runs, and prints what it should. README.md, "Hunt a bug", finds the four.
 */
#include <kmem.h>
#include <stdio.h>
#include <string.h>

struct job {
	struct job *next;
	int number;
	char title[20];
};

static struct kmem_cache *jobs;
static struct job *queue;

static struct job *job_add(const char *title)
{
	static int number;
	struct job *job = kmem_cache_zalloc(jobs, GFP_KERNEL);

	if (!job)
		return NULL;
	job->number = ++number;
	strcpy(job->title, title);
	job->next = queue;
	queue = job;
	return job;
}

static void job_drop(struct job *job)
{
	struct job **at = &queue;

	while (*at && *at != job)
		at = &(*at)->next;
	if (*at)
		*at = job->next;
	kmem_cache_free(jobs, job);
}

static void job_run(struct job *job)
{
	printf("job %d: %s\n", job->number, job->title);
	job_drop(job);
	job->number = -1;
}

int main(void)
{
	struct job *paper, *last;

	jobs = kmem_cache_create("job", sizeof(struct job), 0, SLAB_NO_MERGE, NULL);
	if (!jobs)
		return 1;
	job_run(job_add("sort the mail"));
	paper = job_add("order paper");
	job_run(job_add("compress the archive"));
	job_add("water the plants");
	job_drop(paper);
	last = job_add("lock the door");
	kmem_cache_free(jobs, paper);
	job_run(last);
	kmem_cache_destroy(jobs);
	return 0;
}
