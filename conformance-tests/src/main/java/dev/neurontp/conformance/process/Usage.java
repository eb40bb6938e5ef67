package dev.neurontp.conformance.process;

/**
 * What a worker and all processes that it started take at one moment, as /proc has it.
 *
 * @param residentBytes resident memory of all of them together; what they share counts for each
 * @param descriptors open descriptors of all of them together
 * @param threads of all of them together
 * @param nearDescriptorLimit whether one of them has nine tenths of the descriptors open that it may have
 */
public record Usage(long residentBytes, long descriptors, long threads, boolean nearDescriptorLimit) {

    static final Usage NONE = new Usage(0, 0, 0, false);

    Usage plus(Usage other) {
        return new Usage(
                residentBytes + other.residentBytes,
                descriptors + other.descriptors,
                threads + other.threads,
                nearDescriptorLimit || other.nearDescriptorLimit);
    }
}
