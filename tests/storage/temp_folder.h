#ifndef LABSLOT_TESTS_STORAGE_TEMP_FOLDER_H_
#define LABSLOT_TESTS_STORAGE_TEMP_FOLDER_H_

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <system_error>

namespace labslot::storage {

// A new folder, removed with all that is in it. In memory where the machine has
// a place for that: the tests sync thousands of times.
class TempFolder {
 public:
  TempFolder() {
    namespace fs = std::filesystem;
    const fs::path parent =
        access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
    std::string name = (parent / "labslot-test-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }
  // A path in it, of which nothing exists yet.
  std::string Below(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace labslot::storage

#endif  // LABSLOT_TESTS_STORAGE_TEMP_FOLDER_H_
