package dev.neurontp.conformance.soak;

import java.util.List;

/** What is measured over the time of a soak, and how much of it is too much growth. */
public enum Series {
    /** A heap may grow until it is collected: what is left over after that must not. */
    MEMORY("resident memory", 16L << 20),
    DESCRIPTORS("open descriptors", 8),
    THREADS("threads", 8);

    /** Fewer samples tell nothing. */
    static final int FEWEST = 12;

    private static final double SHARE = 0.1;
    private static final long MIB = 1 << 20;

    private final String words;
    private final long slack;

    Series(String words, long slack) {
        this.words = words;
        this.slack = slack;
    }

    /** Its name for a person. */
    public String words() {
        return words;
    }

    /** Its value in a sample: bytes, or a count. */
    public long of(Sample sample) {
        return switch (this) {
            case MEMORY -> sample.usage().residentBytes();
            case DESCRIPTORS -> sample.usage().descriptors();
            case THREADS -> sample.usage().threads();
        };
    }

    /** An amount of it for a person: mebibytes, or a count. */
    public String shown(double amount) {
        return this == MEMORY ? Math.round(amount / (double) MIB) + " MiB" : Long.toString(Math.round(amount));
    }

    /**
     * How much it grows over the second half of the samples, by the line of least squares through them; 0 where that is no
     * more than a right worker may need, or where what it had at its least did not grow: that is a heap between two
     * collections, or a child process that comes and goes.
     */
    double growth(List<Sample> samples) {
        if (samples.size() < FEWEST) {
            return 0;
        }
        List<Sample> half = samples.subList(samples.size() / 2, samples.size());
        double grown =
                slope(half) * (half.getLast().atMillis() - half.getFirst().atMillis());
        long before = least(half.subList(0, half.size() / 2));
        long after = least(half.subList(half.size() / 2, half.size()));
        double allowed = slack + SHARE * before;
        return grown > allowed && after - before > allowed / 4 ? grown : 0;
    }

    /** By the millisecond. */
    private double slope(List<Sample> samples) {
        double times = samples.stream().mapToLong(Sample::atMillis).average().orElse(0);
        double values = samples.stream().mapToLong(this::of).average().orElse(0);
        double both = 0;
        double squares = 0;
        for (Sample sample : samples) {
            both += (sample.atMillis() - times) * (of(sample) - values);
            squares += (sample.atMillis() - times) * (sample.atMillis() - times);
        }
        return squares == 0 ? 0 : both / squares;
    }

    private long least(List<Sample> samples) {
        return samples.stream().mapToLong(this::of).min().orElse(0);
    }
}
