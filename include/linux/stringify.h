/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Text of an argument after macro expansion. */
#ifndef KMEM_LINUX_STRINGIFY_H
#define KMEM_LINUX_STRINGIFY_H

#ifndef __stringify
#define __stringify_1(...)	#__VA_ARGS__
#define __stringify(...)	__stringify_1(__VA_ARGS__)
#endif

#endif
