package dev.neurontp.harness.validate;

/**
 * A threshold for one case.
 *
 * @param least the least bandwidth that passes, in GB/s (1e9 bytes)
 * @param source where it comes from, such as {@code --min-busbw}
 */
public record Bar(double least, String source) {
    public boolean isMetBy(double seen) {
        return seen >= least;
    }

    public String words() {
        return Bandwidth.text(least) + " " + source;
    }
}
