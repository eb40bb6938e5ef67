package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Where the ranks were that have failed, in the words of their pool. */
class RankFailureTest {
    @Test
    void ranksThatFailedAlikeAreToldWithTheirHosts() {
        PoolFailure failure =
                new PoolFailure(List.of(of(4, "gpu-2"), of(0, ""), of(3, "gpu-2"), of(1, "gpu-1"), of(2, "gpu-1")));
        assertThat(failure.getMessage().lines())
                .containsExactly(
                        "ping failed on rank 4 (pid 14 on gpu-2) after 1 s: its process ended",
                        "and then ping failed on ranks 0 to 3 (on gpu-1, gpu-2): its process ended");
    }

    @Test
    void onTheLeadersHostNoneIsNamed() {
        assertThat(new PoolFailure(List.of(of(0, ""), of(1, ""), of(2, ""))).getMessage())
                .endsWith("and then ping failed on ranks 1 and 2: its process ended");
    }

    private static RankFailure of(int rank, String host) {
        RankFault fault =
                RankFault.of(rank, "ping", Duration.ofSeconds(1), RankFault.Nature.EXITED, "its process ended");
        return new RankFailure(fault, 10 + rank, Optional.of(host).filter(name -> !name.isEmpty()), "", List.of());
    }
}
