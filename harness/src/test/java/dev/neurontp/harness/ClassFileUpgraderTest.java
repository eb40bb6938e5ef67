package dev.neurontp.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program {@code src/build/ClassFileUpgrader.java}, which is in no jar. */
@Tag("long")
class ClassFileUpgraderTest {
    private static final int JAVA_5 = ClassFile.JAVA_5_VERSION;
    private static final int JAVA_8 = ClassFile.JAVA_8_VERSION;

    @TempDir
    Path folder;

    @Test
    void anOldClassIsRenewedAndDoesTheSame() throws Exception {
        Path jar = jar();
        upgrade(jar);
        assertThat(version(jar, "Old")).isEqualTo(ClassFile.latestMajorVersion());
        // Loaded with all the checks that a class of its version is put to: its branches need a map of the stack.
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            var max = loader.loadClass("Old").getMethod("max", int.class, int.class);
            assertThat(max.invoke(null, 3, 5)).isEqualTo(5);
            assertThat(max.invoke(null, 7, 5)).isEqualTo(7);
        }
    }

    @Test
    void whatIsNewEnoughStaysAsItIs() throws Exception {
        Path jar = jar();
        byte[] before = read(jar, "New.class");
        upgrade(jar);
        assertThat(version(jar, "New")).isEqualTo(JAVA_8);
        assertThat(read(jar, "New.class")).isEqualTo(before);
        assertThat(read(jar, "words.txt")).isEqualTo("words".getBytes(UTF_8));
    }

    @Test
    void theSameJarGivesTheSameBytes() throws Exception {
        Path one = jar();
        Path two = Files.copy(one, folder.resolve("two.jar"));
        upgrade(one, two);
        assertThat(one).hasSameBinaryContentAs(two);
        upgrade(one);
        assertThat(one).hasSameBinaryContentAs(two);
    }

    /** Runs it as the build does, from its source. */
    private static void upgrade(Path... jars) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "src/build/ClassFileUpgrader.java"));
        for (Path jar : jars) {
            command.add(jar.toString());
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).isEmpty();
    }

    private Path jar() throws IOException {
        Path jar = folder.resolve("one.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            write(out, "Old.class", classWithABranch("Old", JAVA_5));
            write(out, "New.class", classWithABranch("New", JAVA_8));
            write(out, "words.txt", "words".getBytes(UTF_8));
        }
        return jar;
    }

    private static void write(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(bytes);
        out.closeEntry();
    }

    private static byte[] classWithABranch(String name, int version) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(name),
                        builder -> builder.withVersion(version, 0)
                                .withFlags(AccessFlag.PUBLIC)
                                .withMethodBody(
                                        "max",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_int, ConstantDescs.CD_int, ConstantDescs.CD_int),
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> code.iload(0)
                                                .iload(1)
                                                .ifThenElse(
                                                        java.lang.classfile.Opcode.IF_ICMPGT,
                                                        yes -> yes.iload(0).ireturn(),
                                                        no -> no.iload(1).ireturn())));
    }

    private static int version(Path jar, String name) throws IOException {
        return ClassFile.of().parse(read(jar, name + ".class")).majorVersion();
    }

    private static byte[] read(Path jar, String name) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getInputStream(file.getJarEntry(name)).readAllBytes();
        }
    }
}
