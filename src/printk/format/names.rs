// SPDX-License-Identifier: MIT OR Apache-2.0
//! GFP flags (`%pGg`) and error numbers (`%pe`) by name.

use crate::abi::gfp::{self, gfp_t};
use crate::printk::format::Sink;
use crate::printk::format::number::{self, Base, Number};
use crate::printk::format::spec::Spec;

const USER: gfp_t = gfp::KERNEL | gfp::HARDWALL;
const HIGHUSER: gfp_t = USER | gfp::HIGHMEM;
const HIGHUSER_MOVABLE: gfp_t = HIGHUSER | gfp::MOVABLE;
const TRANSHUGE_LIGHT: gfp_t = (HIGHUSER_MOVABLE | gfp::COMP | gfp::NOMEMALLOC | gfp::NOWARN) & !gfp::RECLAIM;

/// Names of flags in the order in which they are looked for, which is the order of the output too. The first
/// that fits takes its bits away from the later ones.
const GFP_NAMES: &[(gfp_t, &str)] = &[
    (TRANSHUGE_LIGHT | gfp::DIRECT_RECLAIM, "GFP_TRANSHUGE"),
    (TRANSHUGE_LIGHT, "GFP_TRANSHUGE_LIGHT"),
    (HIGHUSER_MOVABLE, "GFP_HIGHUSER_MOVABLE"),
    (HIGHUSER, "GFP_HIGHUSER"),
    (USER, "GFP_USER"),
    (gfp::KERNEL | gfp::ACCOUNT, "GFP_KERNEL_ACCOUNT"),
    (gfp::KERNEL, "GFP_KERNEL"),
    (gfp::RECLAIM | gfp::IO, "GFP_NOFS"),
    (gfp::ATOMIC, "GFP_ATOMIC"),
    (gfp::RECLAIM, "GFP_NOIO"),
    (gfp::NOWAIT, "GFP_NOWAIT"),
    (gfp::DMA, "GFP_DMA"),
    (gfp::HIGHMEM, "__GFP_HIGHMEM"),
    (gfp::DMA32, "GFP_DMA32"),
    (gfp::HIGH, "__GFP_HIGH"),
    (gfp::IO, "__GFP_IO"),
    (gfp::FS, "__GFP_FS"),
    (gfp::NOWARN, "__GFP_NOWARN"),
    (gfp::RETRY_MAYFAIL, "__GFP_RETRY_MAYFAIL"),
    (gfp::NOFAIL, "__GFP_NOFAIL"),
    (gfp::NORETRY, "__GFP_NORETRY"),
    (gfp::COMP, "__GFP_COMP"),
    (gfp::ZERO, "__GFP_ZERO"),
    (gfp::NOMEMALLOC, "__GFP_NOMEMALLOC"),
    (gfp::MEMALLOC, "__GFP_MEMALLOC"),
    (gfp::HARDWALL, "__GFP_HARDWALL"),
    (gfp::THISNODE, "__GFP_THISNODE"),
    (gfp::RECLAIMABLE, "__GFP_RECLAIMABLE"),
    (gfp::MOVABLE, "__GFP_MOVABLE"),
    (gfp::ACCOUNT, "__GFP_ACCOUNT"),
    (gfp::WRITE, "__GFP_WRITE"),
    (gfp::DIRECT_RECLAIM, "__GFP_DIRECT_RECLAIM"),
    (gfp::KSWAPD_RECLAIM, "__GFP_KSWAPD_RECLAIM"),
    (gfp::ZEROTAGS, "__GFP_ZEROTAGS"),
];

/// Writes the names of `flags` joined by `|`, bits without a name in hex at the end, and nothing for 0.
pub(crate) fn gfp(out: &mut dyn Sink, flags: gfp_t) {
    let mut left = flags;
    let mut separator: &[u8] = b"";
    for (mask, name) in GFP_NAMES {
        if left & mask == *mask {
            out.put(separator);
            out.put(name.as_bytes());
            separator = b"|";
            left &= !mask;
        }
    }
    if left != 0 {
        out.put(separator);
        let spec = Spec { alternate: true, ..Spec::default() };
        number::write(out, &spec, Number::unsigned(left.into(), Base::Hex));
    }
}

/// The name of an error number, with its minus sign.
pub(crate) fn errno(number: u16) -> Option<&'static str> {
    let at = ERRNO_NAMES.binary_search_by_key(&number, |(number, _)| *number).ok()?;
    ERRNO_NAMES.get(at).map(|(_, name)| *name)
}

/// In ascending order. From 512 on they are the kernel's internal ones. Where a number has two names, this is
/// the one that the kernel prints.
#[rustfmt::skip]
const ERRNO_NAMES: &[(u16, &str)] = &[
    (1, "-EPERM"), (2, "-ENOENT"), (3, "-ESRCH"), (4, "-EINTR"), (5, "-EIO"), (6, "-ENXIO"), (7, "-E2BIG"),
    (8, "-ENOEXEC"), (9, "-EBADF"), (10, "-ECHILD"), (11, "-EAGAIN"), (12, "-ENOMEM"), (13, "-EACCES"),
    (14, "-EFAULT"), (15, "-ENOTBLK"), (16, "-EBUSY"), (17, "-EEXIST"), (18, "-EXDEV"), (19, "-ENODEV"),
    (20, "-ENOTDIR"), (21, "-EISDIR"), (22, "-EINVAL"), (23, "-ENFILE"), (24, "-EMFILE"), (25, "-ENOTTY"),
    (26, "-ETXTBSY"), (27, "-EFBIG"), (28, "-ENOSPC"), (29, "-ESPIPE"), (30, "-EROFS"), (31, "-EMLINK"),
    (32, "-EPIPE"), (33, "-EDOM"), (34, "-ERANGE"), (35, "-EDEADLK"), (36, "-ENAMETOOLONG"), (37, "-ENOLCK"),
    (38, "-ENOSYS"), (39, "-ENOTEMPTY"), (40, "-ELOOP"), (42, "-ENOMSG"), (43, "-EIDRM"), (44, "-ECHRNG"),
    (45, "-EL2NSYNC"), (46, "-EL3HLT"), (47, "-EL3RST"), (48, "-ELNRNG"), (49, "-EUNATCH"), (50, "-ENOCSI"),
    (51, "-EL2HLT"), (52, "-EBADE"), (53, "-EBADR"), (54, "-EXFULL"), (55, "-ENOANO"), (56, "-EBADRQC"),
    (57, "-EBADSLT"), (59, "-EBFONT"), (60, "-ENOSTR"), (61, "-ENODATA"), (62, "-ETIME"), (63, "-ENOSR"),
    (64, "-ENONET"), (65, "-ENOPKG"), (66, "-EREMOTE"), (67, "-ENOLINK"), (68, "-EADV"), (69, "-ESRMNT"),
    (70, "-ECOMM"), (71, "-EPROTO"), (72, "-EMULTIHOP"), (73, "-EDOTDOT"), (74, "-EBADMSG"), (75, "-EOVERFLOW"),
    (76, "-ENOTUNIQ"), (77, "-EBADFD"), (78, "-EREMCHG"), (79, "-ELIBACC"), (80, "-ELIBBAD"), (81, "-ELIBSCN"),
    (82, "-ELIBMAX"), (83, "-ELIBEXEC"), (84, "-EILSEQ"), (85, "-ERESTART"), (86, "-ESTRPIPE"), (87, "-EUSERS"),
    (88, "-ENOTSOCK"), (89, "-EDESTADDRREQ"), (90, "-EMSGSIZE"), (91, "-EPROTOTYPE"), (92, "-ENOPROTOOPT"),
    (93, "-EPROTONOSUPPORT"), (94, "-ESOCKTNOSUPPORT"), (95, "-EOPNOTSUPP"), (96, "-EPFNOSUPPORT"),
    (97, "-EAFNOSUPPORT"), (98, "-EADDRINUSE"), (99, "-EADDRNOTAVAIL"), (100, "-ENETDOWN"),
    (101, "-ENETUNREACH"), (102, "-ENETRESET"), (103, "-ECONNABORTED"), (104, "-ECONNRESET"), (105, "-ENOBUFS"),
    (106, "-EISCONN"), (107, "-ENOTCONN"), (108, "-ESHUTDOWN"), (109, "-ETOOMANYREFS"), (110, "-ETIMEDOUT"),
    (111, "-ECONNREFUSED"), (112, "-EHOSTDOWN"), (113, "-EHOSTUNREACH"), (114, "-EALREADY"),
    (115, "-EINPROGRESS"), (116, "-ESTALE"), (117, "-EUCLEAN"), (118, "-ENOTNAM"), (119, "-ENAVAIL"),
    (120, "-EISNAM"), (121, "-EREMOTEIO"), (122, "-EDQUOT"), (123, "-ENOMEDIUM"), (124, "-EMEDIUMTYPE"),
    (125, "-ECANCELED"), (126, "-ENOKEY"), (127, "-EKEYEXPIRED"), (128, "-EKEYREVOKED"), (129, "-EKEYREJECTED"),
    (130, "-EOWNERDEAD"), (131, "-ENOTRECOVERABLE"), (132, "-ERFKILL"), (133, "-EHWPOISON"),
    (512, "-ERESTARTSYS"), (513, "-ERESTARTNOINTR"), (514, "-ERESTARTNOHAND"), (515, "-ENOIOCTLCMD"),
    (516, "-ERESTART_RESTARTBLOCK"), (517, "-EPROBE_DEFER"), (518, "-EOPENSTALE"), (519, "-ENOPARAM"),
    (521, "-EBADHANDLE"), (522, "-ENOTSYNC"), (523, "-EBADCOOKIE"), (524, "-ENOTSUPP"), (525, "-ETOOSMALL"),
    (526, "-ESERVERFAULT"), (527, "-EBADTYPE"), (528, "-EJUKEBOX"), (529, "-EIOCBQUEUED"),
    (530, "-ERECALLCONFLICT"),
];
