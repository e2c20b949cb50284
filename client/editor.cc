#include "client/editor.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/names.h"

namespace labslot::client {
namespace {

// A file that is gone when nobody needs it any more.
class ScratchFile {
 public:
  ScratchFile() {
    std::error_code error;
    path_ = (std::filesystem::temp_directory_path(error) / "labslot-XXXXXX.yaml").string();
    descriptor_ = mkstemps(path_.data(), 5);
    if (descriptor_ >= 0) close(descriptor_);
  }
  ~ScratchFile() {
    if (made()) unlink(path_.c_str());
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  bool made() const { return descriptor_ >= 0; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  int descriptor_ = -1;
};

}  // namespace

absl::StatusOr<std::string> EditText(const Environment& environment, const std::string& text) {
  const ScratchFile file;
  if (!file.made()) return absl::UnknownError("cannot make a file for the editor");
  std::ofstream(file.path()) << text;
  const std::string editor =
      environment.variable("VISUAL").value_or(environment.variable("EDITOR").value_or("vi"));
  // The editor may have arguments of its own, so a shell splits it.
  if (std::system(absl::StrCat(editor, " ", ShellWord(file.path())).c_str()) != 0) {
    return absl::UnknownError(
        absl::StrCat("the editor \"", editor, "\" failed; nothing is changed"));
  }
  std::ifstream saved(file.path());
  std::ostringstream all;
  all << saved.rdbuf();
  return std::string(absl::StripAsciiWhitespace(all.str()));
}

}  // namespace labslot::client
