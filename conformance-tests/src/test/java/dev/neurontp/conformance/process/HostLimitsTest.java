package dev.neurontp.conformance.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which limits of the judge were lowered while it ran. */
final class HostLimitsTest {

    private static HostLimits of(String space, String files, String core) {
        return HostLimits.of("""
                Limit                     Soft Limit           Hard Limit           Units
                Max core file size        %s                   unlimited            bytes
                Max open files            %s                   20000                files
                Max address space         %s                   unlimited            bytes
                Max nice priority         5                    0
                """.formatted(core, files, space));
    }

    @Test
    void oneThatIsLowerIsNamedWithBothValues() {
        HostLimits before = of("unlimited", "1024", "0");
        assertThat(of("1000000", "1024", "0").loweredSince(before))
                .isEqualTo("Max address space from unlimited to 1000000");
        assertThat(of("1000000", "64", "0").loweredSince(before))
                .isEqualTo("Max address space from unlimited to 1000000, Max open files from 1024 to 64");
    }

    @Test
    void onesThatAreTheSameOrHigherOrOfNoMatterAreNot() {
        assertThat(of("unlimited", "1024", "0").loweredSince(of("unlimited", "1024", "unlimited")))
                .isEmpty();
        assertThat(of("unlimited", "2048", "0").loweredSince(of("1000000", "1024", "0")))
                .isEmpty();
    }

    @Test
    void whereNothingIsKnownNothingIsClaimed() {
        assertThat(HostLimits.of("").loweredSince(of("1", "1", "1"))).isEmpty();
        assertThat(of("1", "1", "1").loweredSince(HostLimits.of(""))).isEmpty();
        assertThat(HostLimits.now().values()).containsKey("Max open files");
    }
}
