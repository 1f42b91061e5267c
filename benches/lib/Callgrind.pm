# SPDX-License-Identifier: MIT OR Apache-2.0
#
# Instructions per pair by callgrind: two runs of different length, so that start-up drops out of the difference, and
# only what is spent outside the driver's own functions and the linkage table.
package Callgrind;
use strict;
use warnings;

# Functions of driver/*.c that may be on the way.
my %driver = map { $_ => 1 } qw(main hot lifo fifo fill any_order time_pairs create work_hot work_batch);

sub available { return !system('valgrind --version >/dev/null 2>&1') }

# From a callgrind output file: self cost outside the driver, and in all. Nothing if it cannot be read.
sub self_cost {
    my ($file, $program) = @_;
    open(my $in, '<', $file) or return;
    my (%name, $object, $function, $skip, $sum, $all);
    my $resolve = sub {
        my ($space, $text) = @_;
        my ($id, $name) = $text =~ /^(\(\d+\))(?: (.*))?$/ or return $text;
        $name{$space}{$id} = $name if defined $name;
        return $name{$space}{$id} // '';
    };
    $object = $function = '';
    $sum = $all = 0;
    while (my $line = <$in>) {
        chomp $line;
        if ($line =~ /^ob=(.*)/) { $object = $resolve->('ob', $1) }
        elsif ($line =~ /^fn=(.*)/) { $function = $resolve->('fn', $1) }
        elsif ($line =~ /^cob=(.*)/) { $resolve->('ob', $1) }
        elsif ($line =~ /^cfn=(.*)/) { $resolve->('fn', $1) }
        elsif ($line =~ /^calls=/) { $skip = 1 }
        elsif ($line =~ /^[+\-*\d]\S* (\d+)/) {
            my $cost = $1;
            if ($skip) { $skip = 0; next }
            $all += $cost;
            my $plain = $function =~ s/'\d+$//r;
            # A name that is a bare address in the program itself: an entry of the linkage table.
            next if $object =~ m{\Q$program\E$} && ($driver{$plain} || $plain =~ /^0x/ || $plain =~ /\@plt$/);
            $sum += $cost;
        }
    }
    close $in;
    return ($sum, $all);
}

# One run; the command is given as a list.
sub cost {
    my ($out, $program, @command) = @_;
    my $pid = fork() // return;
    if (!$pid) {
        open(STDOUT, '>', '/dev/null');
        open(STDERR, '>', '/dev/null');
        exec('valgrind', '--tool=callgrind', "--callgrind-out-file=$out", @command) or exit 127;
    }
    waitpid($pid, 0);
    my @sums = $? ? () : self_cost($out, $program);
    unlink $out;
    return @sums;
}

# Instructions per pair: (callee, with call and loop), or nothing.
sub per_pair {
    my ($dir, $program, @args) = @_;
    my ($few, $many) = (4000, 12000);
    my @less = cost("$dir/callgrind.$$", $program, "$dir/$program", @args, "fixed=$few") or return;
    my @more = cost("$dir/callgrind.$$", $program, "$dir/$program", @args, "fixed=$many") or return;
    return map { ($more[$_] - $less[$_]) / ($many - $few) } 0, 1;
}

1;
