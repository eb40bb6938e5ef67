package dev.neurontp.ops.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of ranks whose end nobody has seen. */
class LostRankTest {
    private static final Instant UNTIL = Instant.parse("2026-03-01T09:31:20Z");

    private static LostRank rank(int rank, String host, Instant until) {
        return new LostRank(rank, Optional.ofNullable(host), Optional.ofNullable(until));
    }

    private static String before(LostRank... lost) {
        return LostRank.remedy(List.of(lost), UNTIL.minusSeconds(1));
    }

    @Test
    void aLeaseToComeIsToldAsToCome() {
        assertThat(before(rank(1, "gpu-2", UNTIL)))
                .isEqualTo("Look for it on gpu-2: it may still run, and hold its device until 2026-03-01T09:31:20Z,"
                        + " when its lease has ended it.");
        assertThat(before(rank(1, "gpu-2", UNTIL), rank(2, "gpu-3", UNTIL.minusSeconds(9))))
                .isEqualTo("Look for them on gpu-2, gpu-3: they may still run, and hold their devices until"
                        + " 2026-03-01T09:31:20Z, when their leases have ended them.");
    }

    @Test
    void aLeaseThatIsOverIsToldAsOver() {
        assertThat(LostRank.remedy(List.of(rank(1, "gpu-2", UNTIL)), UNTIL))
                .startsWith("By 2026-03-01T09:31:20Z its lease had ended it, unless an agent stood still.");
    }

    @Test
    void withoutAnInstantNoneIsMadeUp() {
        assertThat(before(rank(1, "gpu-2", UNTIL), rank(2, "gpu-2", null)))
                .isEqualTo("Look for them on gpu-2: they may still run, and hold their devices.");
        assertThat(before(rank(0, null, null)))
                .isEqualTo("Look for it where its command starts workers: it may still run, and hold its device.");
    }
}
