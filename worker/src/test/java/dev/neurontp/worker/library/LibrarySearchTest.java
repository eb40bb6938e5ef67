package dev.neurontp.worker.library;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a library is certainly not on a host. */
class LibrarySearchTest {
    @TempDir
    Path root;

    private boolean absent(Map<String, String> environment) {
        return new LibrarySearch(environment, root).isAbsent(LibrarySearch.NCCL);
    }

    @Test
    void whatIsInNoFolderAndUnknownToTheLoaderIsAbsent() {
        assertThat(absent(Map.of())).isTrue();
    }

    @Test
    void aFolderThatIsSearchedHasIt() throws IOException {
        Path folder = Files.createDirectories(root.resolve("usr/local/lib/python3.13/site-packages/nvidia/nccl/lib"));
        Files.createFile(folder.resolve(LibrarySearch.NCCL));
        assertThat(absent(Map.of())).isFalse();
        assertThat(absent(Map.of("NEURON_NCCL_LIBRARY", folder + "/another")))
                .as("an explicit setting counts alone")
                .isTrue();
    }

    @Test
    void theLoaderMayKnowItFromAnotherFolder() throws IOException {
        Path cache = Files.createDirectories(root.resolve("etc")).resolve("ld.so.cache");
        Files.write(cache, "glibc-ld.so.cache1.1\0libnccl.so.20\0".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(absent(Map.of())).isTrue();
        Files.write(cache, "\0libnccl.so.2\0/opt/nccl/lib/libnccl.so.2\0".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(absent(Map.of())).isFalse();
    }
}
