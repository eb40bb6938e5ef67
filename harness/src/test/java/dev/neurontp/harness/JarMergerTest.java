package dev.neurontp.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program {@code src/build/JarMerger.java}, which is in no jar. */
@Tag("long")
class JarMergerTest {
    @TempDir
    Path folder;

    @Test
    void oneJarHasTheFilesOfAllAndTheOthersStay() throws Exception {
        jar("web-http-1.jar", Map.of("http/A.class", "a", "LICENSE", "free", "module-info.class", "one"));
        jar("web-io-1.jar", Map.of("io/B.class", "b", "LICENSE", "free", "module-info.class", "two"));
        jar("website-1.jar", Map.of("c", "c"));
        assertThat(merge("web")).isEmpty();
        assertThat(names()).containsExactly("web.jar", "website-1.jar");
        try (JarFile jar = new JarFile(folder.resolve("web.jar").toFile())) {
            assertThat(jar.stream().map(JarEntry::getName))
                    .containsExactly("META-INF/MANIFEST.MF", "LICENSE", "http/A.class", "io/B.class");
            assertThat(jar.getInputStream(jar.getEntry("io/B.class")).readAllBytes())
                    .isEqualTo("b".getBytes(UTF_8));
            assertThat(jar.getManifest().getMainAttributes().getValue("Implementation-Version"))
                    .isEqualTo("1");
            assertThat(jar.getManifest().getMainAttributes().getValue("Title")).isNull();
        }
    }

    /** Else each build would take a jar for a new one, and the caches for old. */
    @Test
    void theSameJarsGiveTheSameBytes() throws Exception {
        jar("one-1.jar", Map.of("A.class", "a", "B.class", "b"));
        jar("two-1.jar", Map.of("B.class", "b", "A.class", "a"));
        assertThat(merge("one", "two")).isEmpty();
        byte[] one = Files.readAllBytes(folder.resolve("one.jar"));
        jar("one-1.jar", Map.of("A.class", "a", "B.class", "b"));
        assertThat(merge("one")).isEmpty();
        assertThat(folder.resolve("one.jar")).hasBinaryContent(one);
    }

    @Test
    void whatWouldBeLostIsRefused() throws Exception {
        jar("web-a-1.jar", Map.of("services", "a"));
        jar("web-b-1.jar", Map.of("services", "b"));
        assertThat(merge("web")).contains("web-b-1.jar has another services");
        jar("versions-1.jar", Map.of(), Map.of("Multi-Release", "true"));
        assertThat(merge("versions")).contains("classes for several versions of Java");
        assertThat(merge("none")).contains("there is no none-*.jar");
        assertThat(names()).containsExactly("versions-1.jar", "web-a-1.jar", "web-b-1.jar");
    }

    /** Runs it as the build does, from its source; what it said where it failed. */
    private String merge(String... prefixes) throws IOException, InterruptedException {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "src/build/JarMerger.java",
                                folder.toString()),
                        Arrays.stream(prefixes))
                .toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor() == 0).as(output).isEqualTo(output.isEmpty());
        return output;
    }

    private void jar(String name, Map<String, String> files) throws IOException {
        jar(name, files, Map.of("Implementation-Version", "1", "Title", name));
    }

    private void jar(String name, Map<String, String> files, Map<String, String> attributes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        try (OutputStream file = Files.newOutputStream(folder.resolve(name));
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Map.Entry<String, String> entry : new TreeMap<>(files).entrySet()) {
                out.putNextEntry(new JarEntry(entry.getKey()));
                out.write(entry.getValue().getBytes(UTF_8));
            }
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
