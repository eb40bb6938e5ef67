package dev.neurontp.conformance.soak;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a soak found.
 *
 * @param requests how many requests were answered as they should be
 * @param growth what grows that should not, in words; a reply that was lost is a failure of F4 instead
 * @param notes what could not be measured or is good to know, a line each
 */
public record SoakReport(
        Duration took, long requests, List<Sample> samples, Map<Series, String> growth, List<String> notes) {

    public SoakReport {
        samples = List.copyOf(samples);
        growth = Map.copyOf(growth);
        notes = List.copyOf(notes);
    }

    /** What grows, a line each, always in the same order. */
    public List<String> findings() {
        return Stream.of(Series.values())
                .filter(growth::containsKey)
                .map(growth::get)
                .toList();
    }

    /** One line for a person. */
    public String words() {
        String measured = samples.isEmpty()
                ? ""
                : Stream.of(Series.values())
                        .map(series -> "; " + series.words() + " "
                                + series.shown((double) series.of(samples.getFirst())) + " at first, "
                                + series.shown((double) series.of(samples.getLast())) + " at last")
                        .collect(Collectors.joining());
        return String.format(
                Locale.ROOT, "%d requests to one process in %.1f s%s", requests, took.toMillis() / 1000.0, measured);
    }
}
