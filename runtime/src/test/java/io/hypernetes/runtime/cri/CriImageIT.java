package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageFsInfoRequest;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.ImageStatusRequest;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.RemoveImageRequest;
import io.hypernetes.runtime.image.Digest;
import io.hypernetes.runtime.image.TestRegistry;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** The image service. */
class CriImageIT extends CriConformance {

    private String pull(String name) {
        return hyper.images()
                .pullImage(PullImageRequest.newBuilder().setImage(spec(name)).build())
                .getImageRef();
    }

    private static ImageSpec spec(String name) {
        return ImageSpec.newBuilder().setImage(name).build();
    }

    private Optional<Image> image(String name) {
        var response =
                hyper.images()
                        .imageStatus(ImageStatusRequest.newBuilder().setImage(spec(name)).build());
        return response.hasImage() ? Optional.of(response.getImage()) : Optional.empty();
    }

    private void removeImage(String name) {
        var unused =
                hyper.images()
                        .removeImage(RemoveImageRequest.newBuilder().setImage(spec(name)).build());
    }

    @Test
    void anImageIsKnownByAllItsNamesAndGoesWithAnyOfThem() throws Exception {
        byte[] layer = new byte[1024]; // a tar file with nothing in it
        try (TestRegistry registry =
                TestRegistry.start(Files.createDirectory(folder.resolve("r")))) {
            String here = registry.address() + "/app";
            String other = here.replace("127.0.0.1", "localhost");
            Digest digest = registry.push("app", "v1", "\"User\":\"1002:7\"", layer);
            Digest same = registry.push("app", "latest", "\"User\":\"1002:7\"", layer);
            assertThat(same).isEqualTo(digest);
            Digest named = registry.push("app", "named", "\"User\":\"www-data:users\"", layer);
            assertThat(named).isNotEqualTo(digest);

            String id = pull(here + ":v1");
            assertThat(pull(here)).as("without a tag").isEqualTo(id);
            assertThat(pull(here + "@" + digest)).as("by its digest").isEqualTo(id);
            assertThat(pull(other + ":v1")).as("from elsewhere").isEqualTo(id);
            Image image = image(here + ":v1").orElseThrow();
            assertThat(image.getId()).isEqualTo(id);
            assertThat(image.getSize()).isPositive();
            assertThat(image.getUid().getValue()).isEqualTo(1002);
            assertThat(image.getUsername()).isEmpty();
            assertThat(image.getRepoTagsList())
                    .containsExactlyInAnyOrder(here + ":v1", here + ":latest", other + ":v1");
            List<String> references = new ArrayList<>(image.getRepoTagsList());
            references.addAll(image.getRepoDigestsList());
            references.add(id);
            assertThat(references).allMatch(name -> image(name).equals(Optional.of(image)));

            String second = pull(here + ":named");
            assertThat(second).isNotEqualTo(id);
            assertThat(image(second).orElseThrow().getUsername()).isEqualTo("www-data");
            assertThat(image(second).orElseThrow().getUid().getValue()).isZero();
            assertThat(
                            hyper.images()
                                    .listImages(ListImagesRequest.getDefaultInstance())
                                    .getImagesList())
                    .extracting(Image::getId)
                    .contains(id, second);
            assertThat(
                            hyper.images()
                                    .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                                    .getImageFilesystems(0)
                                    .getUsedBytes()
                                    .getValue())
                    .isPositive();

            removeImage(here + ":v1");
            assertThat(references).allMatch(name -> image(name).isEmpty());
            try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> removals = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    removals.add(many.submit(() -> removeImage(second)));
                }
                for (Future<?> removal : removals) {
                    assertThat(removal.get(30, TimeUnit.SECONDS)).isNull();
                }
            }
            assertThat(image(second)).isEmpty();
        }
    }

    @Test
    void anImageHasOneIdInAllAnswers() {
        String id = image(TestHyper.IMAGE).orElseThrow().getId();
        ContainerConfig.Builder config =
                config(FOREVER)
                        .setImage(
                                ImageSpec.newBuilder()
                                        .setImage(id)
                                        .setUserSpecifiedImage(TestHyper.IMAGE));
        String container = create(config);
        assertThat(hyper.container(container).getImageId()).isEqualTo(id);
        assertThat(hyper.container(container).getImage().getImage()).isEqualTo(TestHyper.IMAGE);
        assertThat(list(ContainerFilter.newBuilder().setId(container)))
                .extracting(Container::getImageId)
                .containsExactly(id);
    }
}
