package dev.neurontp.ops.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A part of a package, as its table of licences says. */
record PackagePart(String name, String version, String licence, String text) {
    static List<PackagePart> ofTable(Path table) throws IOException {
        return Files.readAllLines(table).stream()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.split("\\|", -1))
                .map(cells -> new PackagePart(cells[1].strip(), cells[2].strip(), cells[3].strip(), cells[4].strip()))
                .toList();
    }

    /** The names of what a list by CycloneDX is about, and of its components. */
    static List<String> ofBom(Path bom) {
        JsonNode list = JsonMapper.shared().readTree(bom.toFile());
        return Stream.concat(
                        Stream.of(list.get("metadata").get("component")),
                        list.get("components").valueStream())
                .map(component -> component.get("name").asString())
                .toList();
    }

    /** Whether it is in the jar: its own, or the one of all jars of its publisher. */
    boolean isIn(String jar) {
        return jar.equals(name + "-" + version + ".jar") || name.startsWith(jar.replace(".jar", "-"));
    }
}
