package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What each listed communicator must do, whichever they are: a new one is held to it as soon as it is listed. */
class CommunicatorsTest {
    @Test
    void everyNameStandsForTheProviderOfThatNameAndForNoOther() {
        assertThat(Communicators.names())
                .doesNotHaveDuplicates()
                .startsWith(Communicators.byDefault().name())
                .contains(Communicators.withoutGpu().name())
                .allSatisfy(name -> {
                    assertThat(name).matches("[a-z]+");
                    assertThat(Communicators.named("here", name).name()).isEqualTo(name);
                    assertThat(Communicators.find(" " + name)).isEmpty();
                });
    }

    @Test
    void anUnknownNameIsRefusedWithWhatItMayBe() {
        assertThatThrownBy(() -> Communicators.named("--communicator", "gloo"))
                .hasMessage("--communicator is 'gloo': it must be " + String.join(" or ", Communicators.names()));
    }

    @Test
    void theHelpNamesEachAndItsSettings() {
        for (String name : Communicators.names()) {
            CommunicatorProvider provider = Communicators.named("here", name);
            assertThat(HelpText.help())
                    .contains(name, provider.help().lines().findFirst().orElseThrow());
        }
        assertThat(HelpText.help().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(110));
    }

    @Test
    void aRankThatHasNotJoinedCanBeAbortedAndClosed() {
        for (String name : Communicators.names()) {
            var rank = Communicators.named("here", name).open(new RankIdentity(0, 1, 0), Map.of());
            rank.abort();
            rank.close();
        }
    }

    @Test
    void theOneForHostsWithoutAGpuSimulatesNone() {
        assertThat(Communicators.withoutGpu().needsGpu()).isFalse();
        assertThat(Communicators.withoutGpu().isSimulated()).isFalse();
    }
}
