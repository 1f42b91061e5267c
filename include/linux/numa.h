/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Node numbers. */
#ifndef KMEM_LINUX_NUMA_H
#define KMEM_LINUX_NUMA_H

#ifndef NUMA_NO_NODE
#define NUMA_NO_NODE		(-1)	/* any */
#endif

#endif
