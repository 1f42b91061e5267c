/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/*
 * Error numbers: the system's, and those that never leave the kernel. <errno.h> itself comes here, so there is
 * nothing but numbers in this file.
 */
#ifndef KMEM_LINUX_ERRNO_H
#define KMEM_LINUX_ERRNO_H

#if __has_include_next(<linux/errno.h>)
#include_next <linux/errno.h>
#else
#include <errno.h>
#endif

#ifndef ERESTARTSYS
#define ERESTARTSYS		512
#endif
#ifndef ERESTARTNOINTR
#define ERESTARTNOINTR		513
#endif
#ifndef ERESTARTNOHAND
#define ERESTARTNOHAND		514
#endif
#ifndef ENOIOCTLCMD
#define ENOIOCTLCMD		515
#endif
#ifndef ERESTART_RESTARTBLOCK
#define ERESTART_RESTARTBLOCK	516
#endif
#ifndef EPROBE_DEFER
#define EPROBE_DEFER		517
#endif
#ifndef EOPENSTALE
#define EOPENSTALE		518
#endif
#ifndef ENOPARAM
#define ENOPARAM		519
#endif
#ifndef EBADHANDLE
#define EBADHANDLE		521
#endif
#ifndef ENOTSYNC
#define ENOTSYNC		522
#endif
#ifndef EBADCOOKIE
#define EBADCOOKIE		523
#endif
#ifndef ENOTSUPP
#define ENOTSUPP		524
#endif
#ifndef ETOOSMALL
#define ETOOSMALL		525
#endif
#ifndef ESERVERFAULT
#define ESERVERFAULT		526
#endif
#ifndef EBADTYPE
#define EBADTYPE		527
#endif
#ifndef EJUKEBOX
#define EJUKEBOX		528
#endif
#ifndef EIOCBQUEUED
#define EIOCBQUEUED		529
#endif
#ifndef ERECALLCONFLICT
#define ERECALLCONFLICT		530
#endif
#ifndef ENOGRACE
#define ENOGRACE		531
#endif

#endif
