package dev.neurontp.harness.validate;

import dev.neurontp.rpc.XDeviceInfo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Published bandwidths of an all-reduce on one host. They contradict each other and depend on the size, so they only warn, at
 * their own size, with their source and its date.
 *
 * @param device a part of the device's name
 * @param bytes the size that the figure was measured at
 * @param busbw in GB/s
 */
record Reference(String device, int ranks, long bytes, double busbw, String source) {
    private static final double SHARE = 0.9;
    private static final long GIGA = 1L << 30;

    private static final List<Reference> LISTED = List.of(
            new Reference("A100-SXM4-80GB", 8, GIGA, 228, "Azure AI benchmarking guide, ND A100 v4, 2024-09"),
            new Reference("A100-SXM4-80GB", 8, 8 * GIGA, 231.6, "Azure AI benchmarking guide, ND A100 v4, 2024-09"),
            new Reference("H100 80GB HBM3", 8, GIGA, 466, "Azure AI benchmarking guide, ND H100 v5, 2024-09"),
            new Reference("H100 80GB HBM3", 8, 8 * GIGA, 478.9, "Azure AI benchmarking guide, ND H100 v5, 2024-09"),
            new Reference("H200", 8, GIGA, 467.6, "Azure AI benchmarking guide, ND H200 v5, 2024-09"),
            new Reference("H200", 8, 8 * GIGA, 480.0, "Azure AI benchmarking guide, ND H200 v5, 2024-09"));

    /** The same result, with a warning where it is far below a published figure for such hardware. */
    static CaseResult warn(CaseResult result, List<RankDevice> ranks) {
        Optional<Reference> found = LISTED.stream()
                .filter(one -> one.isOf(result.of(), ranks))
                .filter(one -> result.bandwidth()
                        .filter(seen -> seen.bus() < one.busbw * SHARE)
                        .isPresent())
                .findFirst();
        return found.map(one -> result.with(
                        Status.WARN,
                        String.format(
                                Locale.ROOT,
                                "busbw %.1f GB/s; a published figure for %d x %s at this size is %.1f (%s)",
                                result.bandwidth().orElseThrow().bus(),
                                one.ranks,
                                one.device,
                                one.busbw,
                                one.source)))
                .orElse(result);
    }

    private boolean isOf(Case of, List<RankDevice> group) {
        return of.bytes() == bytes
                && group.size() == ranks
                && of.collective().equals(Collective.ALL_REDUCE.label())
                && group.stream()
                        .allMatch(rank -> rank.info()
                                .map(XDeviceInfo::deviceName)
                                .filter(name -> name.contains(device))
                                .isPresent());
    }
}
