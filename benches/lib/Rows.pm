# SPDX-License-Identifier: MIT OR Apache-2.0
#
# What is measured: a list of runs, each one invocation of the driver per allocator and round, and the table rows
# that come out of it.
#
#   { name, work, args => {key => value}, kind, rounds, heavy, parallel, rows => [ { key, label, size, unit, goal } ] }
#
# kind: speed (enters the geometric mean), count, memory, tail, caches. unit: what is printed; the driver's values are
# ns, us or bytes. goal: { ratio => most, to the best peer } or { most => value, in the row's unit }.
package Rows;
use strict;
use warnings;

my @sizes = (16, 64, 256, 1024, 4096);

sub one {
    my ($name, $label, $size, $work, $args, $kind, %more) = @_;
    my $goal = delete $more{goal} // { ratio => 1.05 };
    return {
        name => $name, work => $work, args => $args, kind => $kind, %more,
        rows => [ { key => 'ns', label => $label, size => $size, unit => 'ns', goal => $goal } ],
    };
}

# $quick: fewer rows, shorter samples.
sub speed {
    my ($quick) = @_;
    my %t = $quick ? (ms => 5, samples => 3) : (ms => 10, samples => 5);
    my %windows = $quick ? (ms => 20, samples => 3) : (ms => 50, samples => 5);
    my @run;
    for my $s (@sizes) {
        push @run, one("hot-$s", 'hot pair', $s, 'hot', { size => $s, %t }, 'speed');
    }
    for my $n (1000, 100_000) {
        for my $order (qw(lifo fifo shuffled)) {
            for my $s (@sizes) {
                if ($quick) {
                    next if $n == 1000 && !($s == 64 || $s == 1024 && $order eq 'lifo');
                    next if $n == 100_000 && !($order eq 'shuffled' && ($s == 64 || $s == 256));
                }
                my $of = $n == 1000 ? '1000' : '100,000';
                push @run, one("batch-$n-$order-$s", "batch of $of, $order", $s, 'batch',
                    { size => $s, count => $n, order => $order, %t }, 'speed', heavy => $n > 1000);
            }
        }
    }
    for my $threads (1, 2, 16) {
        for my $s (@sizes) {
            next if $quick && $s != 64;
            my %how = $threads == 1 ? %t : %windows;
            push @run, one("replace-$threads-$s", 'replacement, ' . ($threads == 1 ? '1 thread' : "$threads threads"),
                $s, 'replace', { size => $s, threads => $threads, %how }, 'speed', heavy => $threads > 1);
        }
    }
    for my $s (@sizes) {
        next if $quick && $s != 64 && $s != 4096;
        push @run, one("handover-$s", 'hand-over, producer to consumer', $s, 'handover', { size => $s, %windows },
            'speed', heavy => 1);
    }
    push @run, one('built-pair', 'constructed, pair', 328, 'built', { count => 1, %t }, 'speed',
        goal => { ratio => 0.20 });
    push @run, one('built-batch', 'constructed, batch of 1000', 328, 'built', { count => 1000, %t }, 'speed',
        goal => { ratio => 0.20 });
    for my $n (16, 64, 256) {
        for my $s (@sizes) {
            next if $quick && $s != 64;
            push @run, one("bulk-$n-$s", "bulk of $n, per object", $s, 'bulk', { size => $s, count => $n, %t }, 'speed',
                goal => { ratio => $n == 64 && $s == 64 ? 0.25 : 1.05 });
        }
    }
    for my $threads (1, 2) {
        my %how = $threads == 1 ? %t : %windows;
        push @run, one("mixed-$threads", 'by size, from 8 up, ' . ($threads == 1 ? '1 thread' : "$threads threads"), 8192,
            'mixed', { threads => $threads, %how }, 'speed', heavy => $threads > 1, goal => { ratio => 1.10 });
    }
    for my $s (@sizes) {
        next if $quick && $s != 64;
        push @run, one("constant-hot-$s", 'by constant size, pair', $s, 'constant', { size => $s, count => 1, %t },
            'speed', goal => { ratio => 1.00 });
        push @run, one("constant-replace-$s", 'by constant size, replacement', $s, 'constant', { size => $s, %t },
            'speed', goal => { ratio => 1.00 });
    }
    return @run;
}

sub memory {
    my ($quick) = @_;
    my @run;
    my $count = $quick ? 200_000 : 1_000_000;
    my $said = $quick ? '200,000' : '1,000,000';
    for my $s ($quick ? (24, 100, 700) : (24, 40, 100, 200, 700, 1500)) {
        push @run, {
            name => "memory-$s", work => 'memory', args => { size => $s, count => $count }, kind => 'memory',
            rounds => $quick ? 1 : 2,
            rows => [
                { key => 'live', label => 'resident per live object', size => $s, unit => 'B', goal => { ratio => 1 } },
                { key => 'part', label => "$said objects, 90 % freed", size => $s, unit => 'MiB' },
                { key => 'part_reclaimed', label => '... and reclaimed', size => $s, unit => 'MiB',
                  goal => { ratio => 1 } },
                { key => 'all', label => '... all freed', size => $s, unit => 'MiB' },
                { key => 'all_reclaimed', label => '... all freed and reclaimed', size => $s, unit => 'MiB',
                  goal => { most => 1 } },
            ],
        };
    }
    push @run, {
        name => 'idle', work => 'idle', args => { size => 256, threads => 256 }, kind => 'memory',
        rounds => $quick ? 1 : 3,
        rows => [
            { key => 'per_thread', label => '256 idle threads, each', size => 256, unit => 'KiB',
              goal => { most => 32 } },
            { key => 'reclaimed', label => '... in all, reclaimed', size => 256, unit => 'MiB',
              goal => { most => 4 } },
            { key => 'exited', label => '... in all, after they exit', size => 256, unit => 'MiB',
              goal => { most => 1 } },
            { key => 'exited_reclaimed', label => '... and reclaimed', size => 256, unit => 'MiB' },
        ],
    };
    push @run, {
        name => 'decay', work => 'decay', args => { size => 256, count => 400_000, ms => 11_000 }, kind => 'memory',
        rounds => 1, parallel => 1,
        rows => [
            { key => 'at_once', label => 'burst of 400,000, all freed', size => 256, unit => 'MiB' },
            { key => 'later', label => '... 11 s of single calls later', size => 256, unit => 'MiB',
              goal => { most => 1 } },
        ],
    } unless $quick;
    return @run;
}

# One tick of the clock may be a tenth of a quantile, and an interrupt the longest call: the goals leave room for that.
sub tail {
    my ($quick) = @_;
    my @run;
    for my $way ([ 'replace', 'replacement', 10_000 ], [ 'ramp', '100,000 up and down', 100_000 ]) {
        my ($order, $label, $count) = @$way;
        push @run, {
            name => "tail-$order", work => 'tail', kind => 'tail',
            args => { size => 64, count => $count, order => $order, ms => $quick ? 60 : 300 },
            rows => [ map { { key => $_->[0], label => "single call, $label, $_->[1]", size => 64, unit => 'ns',
                              goal => $_->[2] && { ratio => $_->[2] } } }
                [ 'p50', 'p50' ], [ 'p99', 'p99' ], [ 'p999', 'p99.9', 1.10 ], [ 'p9999', 'p99.99' ],
                [ 'cycle_max', 'longest of 200,000', 1.25 ], [ 'max', 'longest' ] ],
        };
    }
    return @run;
}

sub caches {
    my ($quick) = @_;
    return {
        name => 'caches', work => 'caches', args => { size => 64, count => 10_000 }, kind => 'caches',
        rounds => $quick ? 1 : 3,
        rows => [
            { key => 'create_us', label => '10,000 caches: create one', size => 64, unit => 'us',
              goal => { most => 5 } },
            { key => 'empty', label => '... resident per empty cache', size => 64, unit => 'KiB',
              goal => { most => 1 } },
            { key => 'with_one', label => '... with one object', size => 64, unit => 'KiB', goal => { most => 6 } },
            { key => 'destroy_us', label => '... destroy one', size => 64, unit => 'us' },
            { key => 'destroyed', label => '... all destroyed', size => 64, unit => 'MiB', goal => { most => 1 } },
        ],
    };
}

# Instructions: what callgrind counts, see Callgrind.pm.
sub instructions {
    return map { {
        name => "count-$_->[0]", work => $_->[0], args => { size => 64, %{ $_->[2] } }, kind => 'count',
        rows => [ { key => 'ir', label => "$_->[1], in the allocator", size => 64, unit => 'instr' },
                  { key => 'all', label => '... with the caller\'s loop', size => 64, unit => 'instr' } ],
    } } [ 'hot', 'hot pair', {} ], [ 'batch', 'batch of 1000, lifo', { count => 1000 } ];
}

sub all {
    my ($quick) = @_;
    return (speed($quick), instructions(), memory($quick), tail($quick), caches($quick));
}

1;
