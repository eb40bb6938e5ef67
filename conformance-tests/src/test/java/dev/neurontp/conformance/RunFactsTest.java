package dev.neurontp.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunFactsTest {

    private static final String HASH = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path git;

    @Test
    void theCommitIsThatOfTheBranchThatIsCheckedOut() throws IOException {
        Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
        assertThat(Product.commit(git)).isEmpty();
        Files.writeString(git.resolve("packed-refs"), "# pack-refs\n" + HASH + " refs/heads/main\n");
        assertThat(Product.commit(git)).isEqualTo(HASH);
        Files.createDirectories(git.resolve("refs/heads"));
        Files.writeString(git.resolve("refs/heads/main"), HASH.replace('0', 'f') + "\n");
        assertThat(Product.commit(git)).isEqualTo(HASH.replace('0', 'f'));
    }

    @Test
    void theCommitIsKnownWithoutABranchAndWithoutACloneItIsNot() throws IOException {
        Files.writeString(git.resolve("HEAD"), HASH + "\n");
        assertThat(Product.commit(git)).isEqualTo(HASH);
        assertThat(Product.commit(git.resolve("none"))).isEmpty();
    }

    @Test
    void whatMayBeASecretInTheEnvironmentIsMasked() {
        assertThat(RunFacts.telling(Map.of(
                        "NCCL_AUTH_KEY", "geheim",
                        "NCCL_CONF_FILE", "http://bob:geheim@h/nccl.conf?token=geheim&x=1",
                        "NCCL_IB_HCA", "mlx5")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "NCCL_AUTH_KEY", "(masked)",
                        "NCCL_CONF_FILE", "http://(masked)@h/nccl.conf?token=(masked)&x=1",
                        "NCCL_IB_HCA", "mlx5"));
    }

    @Test
    void ofTheEnvironmentOnlyWhatTellsIsKeptAndNothingThatCannotBeSeen() {
        assertThat(RunFacts.telling(Map.of("LC_ALL", "C", "NCCL_DEBUG", "IN\u001bFO", "SECRET", "x")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("LC_ALL", "C", "NCCL_DEBUG", "IN<U+001B>FO"));
    }
}
