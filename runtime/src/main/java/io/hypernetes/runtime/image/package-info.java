/**
 * Images: fetched from a registry or a tar file, verified, and flattened once into a read-only
 * squashfs that every sandbox using the image shares as a block device. Nothing of an image is ever
 * unpacked into, or mounted on, a file system of the node.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.image.ImageStore}, safe for all threads; its calls
 * block. Tar readers and writers belong to one thread. All that is read here is hostile: sizes,
 * counts and paths are bounded by {@link io.hypernetes.runtime.image.ImageLimits}.
 */
@NullMarked
package io.hypernetes.runtime.image;

import org.jspecify.annotations.NullMarked;
