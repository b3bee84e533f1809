package io.hypernetes.cli.cri;

import io.hypernetes.cri.v1.Image;
import io.hypernetes.node.crictl.CriTool;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.concurrent.Callable;

/** {@code cri images}. */
@Command(
        name = "images",
        aliases = {"image", "img"},
        description = "List images.",
        mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {

    private static final String NONE = "<none>";

    @Mixin private Endpoint endpoint = new Endpoint();
    @Mixin private Output output = new Output();

    @Option(names = "--digests", description = "Their digests too.")
    private boolean digests;

    @Parameters(arity = "0..1", paramLabel = "REPOSITORY[:TAG]", description = "Only this one.")
    private String reference = "";

    @Override
    public Integer call() {
        try (CriTool tool = endpoint.open()) {
            output.print(tool.images(reference), "images", Image::getId, this::table);
        }
        return 0;
    }

    /** A line for each name. */
    private Table table(List<Image> images) {
        Table table =
                digests
                        ? new Table("IMAGE", "TAG", "DIGEST", "IMAGE ID", "SIZE")
                        : new Table("IMAGE", "TAG", "IMAGE ID", "SIZE");
        for (Image image : images) {
            List<String> names =
                    image.getRepoTagsCount() > 0
                            ? image.getRepoTagsList()
                            : List.of(nameless(image));
            String id = Words.shortId(image.getId(), output.whole());
            String size = Words.size(image.getSize());
            for (String name : names) {
                int colon = name.lastIndexOf(':');
                String repository = name.substring(0, colon);
                String tag = name.substring(colon + 1);
                if (digests) {
                    table.row(repository, tag, digest(image), id, size);
                } else {
                    table.row(repository, tag, id, size);
                }
            }
        }
        return table;
    }

    private static String nameless(Image image) {
        return image.getRepoDigestsList().stream()
                        .findFirst()
                        .map(name -> name.replaceFirst("@.*", ""))
                        .orElse(NONE)
                + ":"
                + NONE;
    }

    private String digest(Image image) {
        return image.getRepoDigestsList().stream()
                .findFirst()
                .map(name -> Words.shortId(name.replaceFirst(".*@", ""), output.whole()))
                .orElse(NONE);
    }
}
