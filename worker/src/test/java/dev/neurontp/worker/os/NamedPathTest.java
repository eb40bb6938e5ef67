package dev.neurontp.worker.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NamedPathTest {
    @Test
    void aPathIsTakenAsItIs() throws IOException {
        assertThat(NamedPath.of("/größe/大 a")).isEqualTo(Path.of("/größe/大 a"));
        NamedPath.require(Path.of(""));
    }

    /** The launchers start Java in /, where it would be another file. */
    @Test
    void whatIsRelativeToAFolderThatIsGoneIsRefused() throws IOException {
        System.setProperty("neuron.folder.removed", "true");
        try {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> NamedPath.of("report"))
                    .withMessageContaining("the current folder, which has been removed: give its whole path");
            assertThat(NamedPath.of("/tmp/report")).isEqualTo(Path.of("/tmp/report"));
            NamedPath.require(Path.of("/tmp/report"));
        } finally {
            System.clearProperty("neuron.folder.removed");
        }
    }

    @Test
    void whatJavaWouldFindUnderAnotherNameIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedPath.of("a/b\uFFFD/c"))
                .withMessage("'a/b\uFFFD/c': its name has bytes that are no UTF-8, and Java would take another file:"
                        + " give it a name in UTF-8");
        assertThatIOException().isThrownBy(() -> NamedPath.require(Path.of("\uFFFD")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedPath.of("a\0"))
                .withMessageContaining("is no path");
    }
}
