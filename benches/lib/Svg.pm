# SPDX-License-Identifier: MIT OR Apache-2.0
#
# The picture: for each row a bar from 1.00 (the best peer) to libkmem's ratio, on a logarithmic scale; left of the line
# is ahead. The whisker is the spread over the rounds, the small marks are the other peers' ratios to the best.
package Svg;
use strict;
use warnings;
use utf8;
use Report;

my ($left, $width, $right, $line) = (375, 620, 120, 16);
my ($low, $high) = (0.05, 20);

sub escape {
    my ($t) = @_;
    $t =~ s/&/&amp;/g;
    $t =~ s/</&lt;/g;
    $t =~ s/>/&gt;/g;
    return $t;
}

sub x {
    my ($ratio) = @_;
    $ratio = $low if $ratio < $low;
    $ratio = $high if $ratio > $high;
    return sprintf('%.1f', $left + $width * log($ratio / $low) / log($high / $low));
}

sub text {
    my ($x, $y, $text, %more) = @_;
    my $style = join '', map { qq{ $_="$more{$_}"} } sort keys %more;
    return qq{<text x="$x" y="$y"$style>} . escape($text) . "</text>\n";
}

sub colour {
    my ($row) = @_;
    return '#8a949e' unless defined $row->{met};
    return $row->{met} ? '#2e8b57' : '#c0392b';
}

sub bar {
    my ($row, $y, $peers) = @_;
    my $svg = '';
    my ($one, $end) = (x(1), x($row->{ratio}));
    my ($from, $to) = $end < $one ? ($end, $one) : ($one, $end);
    my $middle = $y + $line / 2;
    $svg .= sprintf(qq{<rect x="%s" y="%.1f" width="%.1f" height="%d" fill="%s"/>\n}, $from, $y + 3,
        $to - $from < 1.5 ? 1.5 : $to - $from, $line - 6, colour($row));
    for my $peer (@$peers) {
        my $m = $row->{median}{$peer};
        next if $peer eq $row->{best} || !defined $m || $row->{median}{ $row->{best} } <= 0;
        my $at = $m / $row->{median}{ $row->{best} };
        next if $at > $high;
        my $title = sprintf('<title>%s %.2f</title>', escape($peer), $at);
        $svg .= sprintf(qq{<rect x="%s" y="%.1f" width="1.5" height="%d" fill="#8899aa">%s</rect>\n},
            x($at), $y + 4, $line - 8, $title);
    }
    if (defined $row->{low}) {
        $svg .= sprintf(qq{<path d="M%s %.1fH%s" stroke="#222"/>\n}, x($row->{low}), $middle, x($row->{high}));
    }
    $svg .= text($left + $width + 8, $middle + 4, sprintf('%.2f  %s', $row->{ratio}, $row->{best}), fill => '#222');
    return $svg;
}

sub picture {
    my ($data) = @_;
    my @peers = map { $_->{name} } grep { $_->{role} eq 'peer' } @{ $data->{allocators} };
    my @rows = grep { defined $_->{ratio} } @{ $data->{rows} };
    my $mean = Report::geometric(map { $_->{ratio} } grep { $_->{kind} eq 'speed' } @rows);
    my @about = (
        'libkmem beside the best peer of each row'
            . (defined $mean ? sprintf(' — speed: geometric mean %.2f', $mean) : ''),
        join('; ', map { "$_->[0]: $_->[1]" } @{ $data->{machine} }),
        join(', ', map { "$_->{name} $_->{version}" } grep { $_->{role} ne 'reference' } @{ $data->{allocators} }),
        'Bar: ratio of libkmem to the best peer (named at the right); less time and fewer bytes are to the left of 1.',
        'Green: the goal of the row is met; red: missed; grey: none is set. '
            . 'Line: spread over the rounds. Small marks: the other peers.',
    );
    my ($body, $y, $kind, $shown) = ('', 0, '', '');
    my $top = 30 + 16 * @about + 44;
    $y = $top;
    for my $row (@rows) {
        if ($row->{kind} ne $kind) {
            $kind = $row->{kind};
            $y += 8;
            $body .= text(12, $y + 12, Report::section($kind), 'font-weight' => 'bold', fill => '#111');
            $y += 18;
            $shown = '';
        }
        my $label = $row->{label};
        $body .= text($left - 62, $y + 12, $label, 'text-anchor' => 'end', fill => '#222') if $label ne $shown;
        $shown = $label;
        $body .= text($left - 8, $y + 12, "$row->{size} B", 'text-anchor' => 'end', fill => '#555');
        $body .= bar($row, $y, \@peers);
        $y += $line;
    }
    my ($w, $h) = ($left + $width + $right + 40, $y + 30);
    my $grid = '';
    for my $tick (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20) {
        $grid .= sprintf(qq{<path d="M%s %dV%d" stroke="%s" stroke-width="1"/>\n}, x($tick), $top, $y,
            $tick == 1 ? '#333' : '#dde3ea');
        $grid .= text(x($tick), $_, $tick, 'text-anchor' => 'middle', fill => '#555') for $top - 6, $y + 16;
    }
    my $head = '';
    my $at = 26;
    for my $i (0 .. $#about) {
        # Long lines are cut in two at a separator.
        my @part = length($about[$i]) > 170 ? split(/(?<=.{110}[;,]) (?=.)/, $about[$i], 2) : ($about[$i]);
        for my $p (@part) {
            $head .= text(12, $at, $p, $i ? (fill => '#333')
                : ('font-size' => 16, 'font-weight' => 'bold', fill => '#111'));
            $at += 16;
        }
    }
    return qq{<?xml version="1.0" encoding="UTF-8"?>\n<!-- SPDX-License-Identifier: MIT OR Apache-2.0 -->\n}
        . qq{<svg xmlns="http://www.w3.org/2000/svg" width="$w" height="$h" viewBox="0 0 $w $h" }
        . qq{font-family="sans-serif" font-size="11">\n<rect width="$w" height="$h" fill="#ffffff"/>\n}
        . "$head$grid$body</svg>\n";
}

1;
