package dev.neurontp.gpu.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stand-in exports, and what programs name. */
@SimTest
class SymbolsTest {
    private static final String JCUDA = "/lib/libJCudaDriver-12.6.0-linux-x86_64.so";

    @TempDir
    private Path folder;

    @Test
    void everySymbolOfLibcudaThatJcudaNamesIsThere() throws Exception {
        List<String> named = symbols(jcuda(), "--undefined-only")
                .filter(name -> name.startsWith("cu"))
                .toList();

        assertThat(named).hasSizeGreaterThan(300);
        assertThat(named).allMatch(Gpu.library()::has);
    }

    @Test
    void theListOfStubsIsTheOneThatJcudaGives() throws Exception {
        List<String> named = symbols(jcuda(), "--undefined-only")
                .filter(name -> name.startsWith("cu"))
                .sorted()
                .toList();

        assertThat(Files.readAllLines(SimulatedLibraries.SOURCES.resolve("cuda").resolve("symbols.txt")))
                .as("docs/nccl.md says how it is made")
                .isEqualTo(named);
    }

    @Test
    void nothingIsExportedUnderANameThatTheRealLibrariesDoNotHave() throws Exception {
        assertThat(symbols(SimulatedLibraries.CUDA, "--defined-only"))
                .allMatch(name -> name.startsWith("cu") || name.startsWith("neurontp_simulation"));
        assertThat(symbols(SimulatedLibraries.NCCL, "--defined-only"))
                .allMatch(name -> name.startsWith("nccl") || name.equals("neurontp_simulation"));
        assertThat(symbols(SimulatedLibraries.NVML, "--defined-only"))
                .allMatch(name -> name.startsWith("nvml") || name.equals("neurontp_simulation"));
    }

    @Test
    void aStubSaysNotSupported() {
        assertThat(Gpu.library().call("cuLaunchGrid")).isEqualTo(801);
        assertThat(Gpu.library().call("cuGraphCreate", 0L, 0)).isEqualTo(801);
    }

    @Test
    void allLibrariesSayThatTheyAreASimulation() {
        assertThat(NativeLibrary.load(SimulatedLibraries.NVML).textAt("neurontp_simulation"))
                .contains("simulation", "no GPU");
        assertThat(Gpu.library().textAt("neurontp_simulation")).contains("simulation", "no GPU");
        assertThat(Comm.library().textAt("neurontp_simulation")).contains("simulation", "no GPU");
    }

    private Path jcuda() throws IOException {
        Path copy = folder.resolve("libJCudaDriver.so");
        try (InputStream in = SymbolsTest.class.getResourceAsStream(JCUDA)) {
            assertThat(in).as(JCUDA + " on the class path").isNotNull();
            if (!Files.exists(copy)) Files.copy(in, copy);
        }
        return copy;
    }

    private static Stream<String> symbols(Path library, String which) throws Exception {
        Process nm;
        try {
            nm = new ProcessBuilder("nm", "-D", which, library.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "no nm (Debian: apt-get install binutils): " + e.getMessage());
            throw e;
        }
        List<String> lines = nm.inputReader().lines().toList();
        assertThat(nm.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(nm.exitValue()).isZero();
        return lines.stream().map(line -> line.substring(line.lastIndexOf(' ') + 1));
    }
}
