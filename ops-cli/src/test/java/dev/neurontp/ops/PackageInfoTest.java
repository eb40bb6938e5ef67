package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every package of every module says in a package-info.java what it is for. */
class PackageInfoTest {
    @Test
    void everyPackageWithMainCodeHasOne() throws IOException {
        List<Path> packages = packages();
        assertThat(packages).hasSizeGreaterThan(20);
        assertThat(packages)
                .allSatisfy(folder -> assertThat(folder.resolve("package-info.java"))
                        .isRegularFile()
                        .content()
                        .startsWith("/**"));
    }

    private static List<Path> packages() throws IOException {
        List<Path> packages = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(Programs.root())) {
            for (Path module : modules) {
                Path sources = module.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith(".java"))
                                .map(Path::getParent)
                                .distinct()
                                .forEach(packages::add);
                    }
                }
            }
        }
        return packages;
    }
}
