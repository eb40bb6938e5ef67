package dev.neurontp.worker.collective;

/** The numbers that all data follows from; docs/wire-contract.md has the formula. */
final class Words {
    private static final long STEP = 0x9e3779b97f4a7c15L;

    private final long[] keys;

    /** For ranks 0 to {@code ranks}: the one behind the last rank's belongs to the group. */
    Words(long seed, int ranks) {
        keys = new long[ranks + 1];
        for (int rank = 0; rank <= ranks; rank++) {
            keys[rank] = mix(seed + STEP * (rank + 1));
        }
    }

    long word(int rank, long index) {
        return mix(keys[rank] + STEP * (index + 1));
    }

    /** The last step of SplitMix64. */
    private static long mix(long word) {
        long x = word;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
