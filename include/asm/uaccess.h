/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/* Where old code looks for copy_from_user(). */
#ifndef KMEM_ASM_UACCESS_H
#define KMEM_ASM_UACCESS_H

#include <linux/uaccess.h>

#endif
