import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Says what a package is made of: {@code sbom.cdx.json} (CycloneDX) of the list that Maven made, without what is not packaged and with
 * the Java runtime, and the folder {@code licenses}. A part whose licence has no text there ends it with a message.
 */
public final class Parts {
    private static final Pattern LICENCE_FILE = Pattern.compile("META-INF/(LICENSE|NOTICE)[^/]*");
    private static final Pattern LEFT_OUT = Pattern.compile("(?m)^neurontp_not_loaded='([^']*)'$");

    /** Packed as a library, not as a jar. */
    private static final String NATIVES = "jcuda-natives";

    /** Licences whose text is the same for all parts, so that it is there once, and what is in the jars that have their own. */
    private static final List<String> COMMON = List.of("Apache-2.0", "EPL-2.0");

    /** A part that is inside the jar of another one, which Maven does not know. Its text is packaging/licenses/NAME.txt. */
    private record Inner(String name, String version, String licence, String within) {}

    private static final List<Inner> INNER = List.of(
            new Inner("ANTLR", "4.13.2", "BSD-3-Clause", "tomlj"),
            new Inner("FastDoubleParser", "", "MIT", "jackson-core"));

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private final Path root;
    private final Path folder;
    private final Path licences;

    private Parts(Path root, Path folder) {
        this.root = root;
        this.folder = folder;
        this.licences = folder.resolve("licenses");
    }

    /** Takes the checkout, in which Maven has made ops-cli/target/bom.json, and the folder of the package. */
    public static void main(String[] arguments) throws IOException {
        new Parts(Path.of(arguments[0]), Path.of(arguments[1])).write();
    }

    private void write() throws IOException {
        Files.createDirectories(licences);
        Files.copy(root.resolve("LICENSE"), licences.resolve("Apache-2.0.txt"));
        try (DirectoryStream<Path> texts = Files.newDirectoryStream(root.resolve("packaging/licenses"))) {
            for (Path text : texts) {
                Files.copy(text, licences.resolve(text.getFileName()));
            }
        }
        for (String app : List.of("worker", "harness", "ops-cli")) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder.resolve(app + "/target/app/lib"), "*.jar")) {
                for (Path jar : jars) {
                    takeLicences(jar);
                }
            }
        }
        ObjectNode bom = (ObjectNode) JSON.readTree(root.resolve("ops-cli/target/bom.json").toFile());
        ArrayNode components = (ArrayNode) bom.get("components");
        List<String> leftOut = leftOut();
        List<String> gone = new ArrayList<>();
        for (int i = components.size() - 1; i >= 0; i--) {
            ObjectNode component = (ObjectNode) components.get(i);
            if (leftOut.contains(text(component, "name"))) {
                gone.add(text(component, "bom-ref"));
                components.remove(i);
            } else if (text(component, "group").equals("dev.neurontp")) {
                // Of the jar before it was packaged: nobody can compare it.
                component.remove("hashes");
            }
        }
        removeDependencies((ArrayNode) bom.get("dependencies"), gone);
        components.add(runtime());
        INNER.forEach(inner -> components.add(component(inner)));
        JSON.writeValue(folder.resolve("sbom.cdx.json").toFile(), bom);
        List<JsonNode> parts = new ArrayList<>(List.of(bom.get("metadata").get("component")));
        components.forEach(parts::add);
        writeTable(parts);
    }

    private List<String> leftOut() throws IOException {
        Matcher names = LEFT_OUT.matcher(Files.readString(root.resolve("bin/build.sh")));
        if (!names.find()) {
            throw new IOException("bin/build.sh does not say what is not packaged: there is no neurontp_not_loaded='...'");
        }
        List<String> leftOut = new ArrayList<>(Arrays.asList(names.group(1).split(" ")));
        leftOut.remove(NATIVES);
        return leftOut;
    }

    private static void removeDependencies(ArrayNode dependencies, List<String> gone) {
        for (int i = dependencies.size() - 1; i >= 0; i--) {
            JsonNode dependency = dependencies.get(i);
            if (gone.contains(text(dependency, "ref"))) {
                dependencies.remove(i);
            } else if (dependency.get("dependsOn") instanceof ArrayNode on) {
                for (int j = on.size() - 1; j >= 0; j--) {
                    if (gone.contains(on.get(j).asString())) {
                        on.remove(j);
                    }
                }
            }
        }
    }

    private void takeLicences(Path path) throws IOException {
        String name = path.getFileName().toString();
        try (JarFile jar = new JarFile(path.toFile())) {
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (!name.startsWith("neurontp-") && LICENCE_FILE.matcher(entry.getName()).matches()) {
                    Path to = licences.resolve(name.substring(0, name.length() - ".jar".length()))
                            .resolve(entry.getName().substring("META-INF/".length()));
                    Files.createDirectories(to.getParent());
                    try (InputStream in = jar.getInputStream(entry)) {
                        Files.write(to, in.readAllBytes());
                    }
                    if (name.startsWith("junit-platform-commons-") && entry.getName().endsWith("/LICENSE.md")) {
                        Files.copy(to, licences.resolve("EPL-2.0.txt"));
                    }
                }
            }
        }
    }

    private ObjectNode runtime() throws IOException {
        Properties release = new Properties();
        try (InputStream in = Files.newInputStream(folder.resolve("runtime/release"))) {
            release.load(in);
        }
        String version = release.getProperty("JAVA_VERSION").replace("\"", "");
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "platform").put("bom-ref", "java-runtime").put("name", "OpenJDK").put("version", version);
        component.put("description", "Java runtime by jlink: " + release.getProperty("MODULES").replace("\"", ""));
        component.putArray("licenses").addObject().put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
        return component;
    }

    private static ObjectNode component(Inner inner) {
        ObjectNode component = JSON.createObjectNode();
        component.put("type", "library").put("bom-ref", inner.name()).put("name", inner.name());
        if (!inner.version().isEmpty()) {
            component.put("version", inner.version());
        }
        component.put("description", "Inside " + inner.within());
        component.putArray("licenses").addObject().putObject("license").put("id", inner.licence());
        return component;
    }

    /** The table of parts, by name. */
    private void writeTable(List<JsonNode> parts) throws IOException {
        TreeSet<String> lines = new TreeSet<>();
        for (JsonNode component : parts) {
            String name = text(component, "name");
            String version = text(component, "version");
            lines.add("| %s | %s | %s | %s |\n".formatted(name, version, licence(component), where(component)));
        }
        Files.writeString(
                licences.resolve("README.md"),
                """
                # Licences of all parts

                Where a part may be used by one of several licences, by the first for which a text is named.

                | part | version | licence | text |
                |---|---|---|---|
                """
                        + String.join("", lines));
    }

    private static String licence(JsonNode component) {
        List<String> all = new ArrayList<>();
        for (JsonNode each : component.path("licenses")) {
            String id = text(each.path("license"), "id");
            all.add(each.has("expression") ? text(each, "expression") : id.isEmpty() ? text(each.path("license"), "name") : id);
        }
        return String.join(" or ", all);
    }

    private String where(JsonNode component) throws IOException {
        String name = text(component, "name");
        String licence = licence(component);
        Path own = licences.resolve(name + "-" + text(component, "version"));
        if (text(component, "bom-ref").equals("java-runtime")) {
            return "../runtime/legal";
        }
        if (Files.isDirectory(own)) {
            return own.getFileName().toString();
        }
        if (name.startsWith("jcuda")) {
            return "JCuda.txt";
        }
        if (Files.exists(licences.resolve(name + ".txt"))) {
            return name + ".txt";
        }
        for (String common : COMMON) {
            if (licence.contains(common)) {
                return common + ".txt";
            }
        }
        throw new IOException("there is no text for the licence '" + licence + "' of " + name
                + ": add one to packaging/licenses and name it in packaging/Parts.java");
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).asString("");
    }
}
