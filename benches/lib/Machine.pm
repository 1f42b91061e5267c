# SPDX-License-Identifier: MIT OR Apache-2.0
# What the figures depend on besides the allocators: machine, kernel, compiler.
package Machine;
use strict;
use warnings;

sub slurp {
    my ($path) = @_;
    open(my $in, '<', $path) or return '';
    local $/;
    return scalar(<$in>) // '';
}

sub first_line {
    my ($text) = `$_[0] 2>/dev/null` =~ /^(.*)$/m;
    return $text // '';
}

sub describe {
    my $cpuinfo = slurp('/proc/cpuinfo');
    my ($model) = $cpuinfo =~ /^model name\s*:\s*(.*)$/m;
    my $cpus = () = $cpuinfo =~ /^processor\s*:/mg;
    my ($memory) = slurp('/proc/meminfo') =~ /^MemTotal:\s*(\d+)/m;
    my ($huge) = slurp('/sys/kernel/mm/transparent_hugepage/enabled') =~ /\[(\w+)\]/;
    my ($governor) = slurp('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor') =~ /(\S+)/;
    my $virtual = $cpuinfo =~ /^flags\s*:.*\bhypervisor\b/m ? ', virtual machine' : '';
    my ($load) = slurp('/proc/loadavg') =~ /^(\S+)/;
    my ($system) = slurp('/etc/os-release') =~ /^PRETTY_NAME="?([^"\n]*)/m;
    return (
        [ 'CPU', sprintf('%s, %d CPUs%s', $model // first_line('uname -m'), $cpus, $virtual) ],
        [ 'memory', sprintf('%.0f GiB, transparent huge pages: %s', ($memory // 0) / (1 << 20), $huge // 'none') ],
        [ 'kernel', join(' ', grep { length } first_line('uname -sr') =~ s/-\S*//r, $system ? "($system)" : ()) ],
        [ 'compiler', first_line(($ENV{CC} // 'cc') . ' --version') ],
        [ 'compiler of libkmem', first_line('rustc --version') || 'unknown' ],
        $governor ? [ 'frequency governor', $governor ] : (),
        [ 'load average at the start', $load // '?' ],
    );
}

1;
