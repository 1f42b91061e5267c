# SPDX-License-Identifier: MIT OR Apache-2.0
#
# From the figures (raw.tsv) to rows with medians, ratio and spread, and the Markdown table.
#
# Ratio: median of libkmem's rounds over that of the best peer, the peer with the lowest median. Spread: lowest and
# highest ratio of the two in one and the same round.
package Report;
use strict;
use warnings;
use utf8;
use Rows;

my %scale = (ns => 1, us => 1, B => 1, instr => 1, KiB => 1024, MiB => 1 << 20);
# Below a page, resident bytes are zero.
my $page = 4096;

sub ascending { return sort { $a <=> $b } @_ }

# Names in ascending order of their values in a hash.
sub by_value {
    my ($of, @names) = @_;
    return sort { $of->{$a} <=> $of->{$b} } @names;
}

sub median {
    my @v = ascending(@_);
    return undef unless @v;
    return @v % 2 ? $v[$#v / 2] : ($v[@v / 2 - 1] + $v[@v / 2]) / 2;
}

sub geometric {
    my @v = grep { defined && $_ > 0 } @_;
    return undef unless @v;
    my $sum = 0;
    $sum += log for @v;
    return exp($sum / @v);
}

sub load {
    my ($path, $least) = @_;
    my %d = (least => $least, machine => [], allocators => [], skipped => [], failed => [], quick => 0, took => '');
    my %value;    # run, key, allocator => { round => value }
    open(my $in, '<', $path) or die "$path: $!\n";
    while (<$in>) {
        chomp;
        my ($tag, @f) = split /\t/;
        if ($tag eq '#machine') { push @{ $d{machine} }, [@f] }
        elsif ($tag eq '#allocator') { push @{ $d{allocators} }, { name => $f[0], role => $f[1], version => $f[2] } }
        elsif ($tag eq '#skip') { push @{ $d{skipped} }, [@f] }
        elsif ($tag eq '#fail') { push @{ $d{failed} }, [@f] }
        elsif ($tag eq '#quick') { $d{quick} = $f[0] }
        elsif ($tag eq '#took') { $d{took} = $f[0] }
        else { $value{ $f[0] }{ $f[2] }{ $f[1] }{$tag} = $f[3] }
    }
    close $in;
    for my $run (Rows::all($d{quick})) {
        next unless $value{ $run->{name} };
        for my $row (@{ $run->{rows} }) {
            my $key = $least && $row->{key} eq 'ns' ? 'least' : $row->{key};
            my $v = $value{ $run->{name} }{$key} or next;
            push @{ $d{rows} },
                judge({ %$row, kind => $run->{kind}, run => $run->{name}, value => $v }, $d{allocators});
        }
    }
    return \%d;
}

# Fill in median per allocator, best peer, ratio, spread, and whether the goal is met.
sub judge {
    my ($row, $allocators) = @_;
    for my $a (@$allocators) {
        my $rounds = $row->{value}{ $a->{name} } or next;
        $row->{median}{ $a->{name} } = median(values %$rounds) / $scale{ $row->{unit} };
    }
    my $m = $row->{median};
    my ($best) = by_value($m, map { $_->{name} }
        grep { $_->{role} eq 'peer' && defined $m->{ $_->{name} } } @$allocators);
    my $ours = $m->{kmem};
    if (defined $best && defined $ours) {
        $row->{best} = $best;
        my $least = $row->{kind} eq 'memory' && $row->{unit} ne 'B' ? $page / $scale{ $row->{unit} } : 1e-9;
        my $divide = sub { my ($x, $y) = map { $_ < $least ? $least : $_ } @_; $x / $y };
        $row->{ratio} = $divide->($ours, $m->{$best});
        my ($mine, $theirs) = @{ $row->{value} }{ 'kmem', $best };
        my $unit = $scale{ $row->{unit} };
        my @ratio = map { $divide->($mine->{$_} / $unit, $theirs->{$_} / $unit) }
            grep { defined $mine->{$_} } keys %$theirs;
        ($row->{low}, $row->{high}) = (ascending(@ratio))[ 0, -1 ] if @ratio;
    }
    my $goal = $row->{goal};
    if ($goal && defined $ours) {
        if (defined $goal->{most}) { $row->{met} = $ours <= $goal->{most} ? 1 : 0 }
        # Half a percent for the rounding of page counts.
        elsif (defined $row->{ratio}) { $row->{met} = $row->{ratio} <= $goal->{ratio} + 0.005 ? 1 : 0 }
    }
    return $row;
}

sub number {
    my ($x) = @_;
    return '-' unless defined $x;
    return sprintf('%.0f', $x) if abs($x) >= 100;
    return sprintf('%.1f', $x) if abs($x) >= 10;
    return sprintf('%.2f', $x);
}

sub goal {
    my ($row) = @_;
    my $goal = $row->{goal} or return '';
    my $text = defined $goal->{most} ? "$goal->{most} $row->{unit}" : sprintf('%.2f', $goal->{ratio});
    return '≤ ' . $text . (!defined $row->{met} ? '' : $row->{met} ? ', met' : ', **missed**');
}

# Goals for the mean over all speed rows.
my $most_mean = 0.85;
my %most_against = (umem => ' (goal 0.20)', dpdk => ' (goal 1.25)');

# Ratio of libkmem to one other allocator, over all speed rows that both have.
sub against {
    my ($data, $name) = @_;
    my @ratio = map { $_->{median}{kmem} / $_->{median}{$name} }
        grep { $_->{kind} eq 'speed' && $_->{median}{kmem} && $_->{median}{$name} } @{ $data->{rows} };
    return (geometric(@ratio), scalar @ratio);
}

sub summary {
    my ($data) = @_;
    my @speed = grep { $_->{kind} eq 'speed' && defined $_->{ratio} } @{ $data->{rows} };
    my (@line, @each);
    if (@speed) {
        my ($mean, $low, $high) = map { my $key = $_; geometric(map { $_->{$key} } @speed) } qw(ratio low high);
        my $ahead = grep { $_->{ratio} <= 1 } @speed;
        my $behind = grep { $_->{ratio} > 1.05 } @speed;
        push @line, sprintf('Speed: %d rows, geometric mean of the ratio to the best peer **%.2f** (goal %.2f; from '
            . 'the lowest and the highest ratio of each row: %.2f to %.2f); %d rows at or ahead of the best peer, '
            . '%d level (up to 1.05), %d behind.',
            scalar @speed, $mean, $most_mean, $low, $high, $ahead, @speed - $ahead - $behind, $behind);
        my @worst = sort { $b->{ratio} <=> $a->{ratio} } @speed;
        push @line, 'Worst: ' . join('; ', map { sprintf('%s %d B %.2f (%s)', $_->{label}, $_->{size}, $_->{ratio},
            $_->{best}) } @worst[ 0 .. ($#worst < 4 ? $#worst : 4) ]) . '.';
    }
    for my $a (grep { $_->{role} ne 'ours' } @{ $data->{allocators} }) {
        my ($mean, $n) = against($data, $a->{name});
        push @each, sprintf('%s %.2f%s', $a->{name}, $mean, $most_against{ $a->{name} } // '') if $n;
    }
    push @line, 'Geometric mean of the ratio to each by itself: ' . join(', ', @each) . '.' if @each;
    my %threads = map { $_->{run} =~ /^replace-(\d+)-64$/ ? ($1, $_->{median}{kmem}) : () } @{ $data->{rows} };
    if ($threads{1} && $threads{2}) {
        my $more = $threads{16} ? sprintf('; sixteen do %.2f times that of two', $threads{2} / $threads{16}) : '';
        push @line, sprintf('Two threads do %.2f times the work of one (goal 1.90)%s.', 2 * $threads{1} / $threads{2},
            $more);
    }
    my $hand = grep { faster_by_hand($_) } @speed;
    push @line, "In $hand speed rows the list by hand, which keeps everything, is ahead of libkmem." if $hand;
    my @judged = grep { defined $_->{met} } @{ $data->{rows} };
    push @line, sprintf('Goals: %d of %d met.', scalar(grep { $_->{met} } @judged), scalar @judged) if @judged;
    return @line;
}

sub section {
    my ($kind) = @_;
    return { speed => 'Speed', count => 'Instructions (callgrind)', memory => 'Memory', tail => 'Tail',
             caches => 'Many caches' }->{$kind};
}

# The list by hand is no peer, but who is beaten by it should know.
sub faster_by_hand {
    my ($row) = @_;
    my ($ours, $theirs) = @{ $row->{median} }{qw(kmem mutexlist)};
    return defined $ours && defined $theirs && $theirs < $ours;
}

sub cells { return '| ' . join(' | ', @_) . " |\n" }

sub head {
    my ($data) = @_;
    my @name = map { "$_->{name} $_->{version}" . ($_->{role} eq 'reference' ? ' (reference)' : '') }
        @{ $data->{allocators} };
    my $text = "<!-- SPDX-License-Identifier: MIT OR Apache-2.0 -->\n# libkmem beside other allocators\n\n";
    $text .= "- $_->[0]: $_->[1]\n" for @{ $data->{machine} };
    $text .= '- allocators: ' . join(', ', @name) . "\n";
    $text .= "- SKIP $_->[0]: $_->[1]\n" for @{ $data->{skipped} };
    $text .= "- FAIL $_->[1] in $_->[0]: $_->[2]\n" for @{ $data->{failed} };
    $text .= '- made by `benches/run`' . ($data->{quick} ? ' (QUICK=1)' : '') . " in $data->{took}\n\n";
    $text .= "$_\n\n" for summary($data);
    $text .= "**Best sample of each process, not the median.**\n\n" if $data->{least};
    return $text . 'Medians of interleaved rounds; each allocator in its own program, linked to its own shared '
        . 'library. Ratio: libkmem to the best peer of the row; spread: its range over the rounds. References and the '
        . 'list by hand (mutexlist) are not peers. '
        . "Times are per pair of one allocation and one free; with several threads, CPU time per pair.\n\n";
}

sub markdown {
    my ($data) = @_;
    my @others = map { $_->{name} } grep { $_->{role} ne 'ours' } @{ $data->{allocators} };
    my @head = ('Work', 'Size', 'Unit', 'libkmem', 'Best peer', 'Ratio', 'Spread', 'Goal', @others);
    my $text = head($data) . cells(@head)
        . cells('---', '--:', '---', '--:', '---', '--:', '--:', '---', map { '--:' } @others);
    my $kind = '';
    for my $row (@{ $data->{rows} }) {
        if ($row->{kind} ne $kind) {
            $kind = $row->{kind};
            $text .= cells('**' . section($kind) . '**', map { '' } 2 .. @head);
        }
        my $rounds = keys %{ $row->{value}{kmem} // {} };
        my $spread = defined $row->{low} && $rounds > 1 ? sprintf('%.2f–%.2f', $row->{low}, $row->{high}) : '';
        $text .= cells($row->{label}, $row->{size}, $row->{unit}, number($row->{median}{kmem}), $row->{best} // '',
            defined $row->{ratio} ? sprintf('%.2f', $row->{ratio}) : '', $spread, goal($row),
            map { number($row->{median}{$_}) } @others);
    }
    return $text;
}

1;
